// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is read here is CloudFormation's own.
import { expect, test } from 'vitest';
import { hiddenValues } from '../../src/aws/template/hidden-values.ts';
import { redactTemplate } from '../../src/aws/template/redaction.ts';
import { readTemplateSecrets } from '../../src/aws/template/secrets.ts';
import { readStoredTemplate } from '../../src/aws/template/template.ts';
import { hideCredentials } from '../../tools/ports/credentials.ts';
import { secretReadsIn } from '../../tools/ports/secret-reads.ts';

/*
 * A text of nothing but how something begins, as long as AWS holds one. What looks for each one's end takes the square
 * of it: hours, of which nobody has to measure one.
 */
const CHARACTERS = 450_000;
const BEGINNINGS = ['${', '${A', '&{', '${!', '{{resolve:', '{{', '[hidden:', 'password=', 'a://b:', 'arn:aws:', '*a'];

const within = (value: unknown) =>
  JSON.stringify({
    Parameters: { A: { Type: 'String', NoEcho: true } },
    Resources: { T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: value } } },
    Outputs: { O: { Value: value } },
  });
const given = { stack_id: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1', values: {} };

/** Each with a text that is a value, and with one that `Fn::Sub` puts together. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'a template that AWS holds': (text) => readStoredTemplate(within(text)),
  'what a template comes to': (text) => readStoredTemplate(within({ 'Fn::Sub': text }), given),
  'a template that is shown': (text) => redactTemplate(within({ 'Fn::Sub': text }), ''),
  'where hidden values go': (text) =>
    hiddenValues(within({ 'Fn::Sub': text }), {
      isHidden: () => true,
      literals: true,
      given: { stack_id: '', values: {} },
    }),
  'which outputs are secret': (text) => readTemplateSecrets(within({ 'Fn::Sub': text })),
  'a text that may hold credentials': hideCredentials,
  'a text that may read secrets': (text) => secretReadsIn(text, ''),
};

test.each(Object.entries(READERS))('%s: as long as one may be, it is read', (_, read) => {
  for (const begins of BEGINNINGS) {
    const text = begins.repeat(Math.floor(CHARACTERS / begins.length));
    expect(() => read(text)).not.toThrow();
  }
});
