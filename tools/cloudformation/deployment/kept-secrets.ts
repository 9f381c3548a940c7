import { sha256 } from '../../../src/kernel/digest.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Readers } from '../../define.ts';
import type { ChangeSetRequest, TemplateFacts } from '../../ports/cloudformation.ts';

/* What a deployment mustn't give away of values that are hidden, and kept. */

/** Who may not see a parameter's value now mustn't by deploying a template in which it is no longer NoEcho. */
export function refuseShown(
  parameters: ChangeSetRequest['parameters'],
  present: TemplateFacts | undefined,
  future: TemplateFacts | undefined,
): void {
  if (!present || !future) return;
  const { no_echo_parameters } = future;
  const open = parameters.find(
    ({ key, use_previous_value }) =>
      use_previous_value && present.no_echo_parameters.includes(key) && !no_echo_parameters.includes(key),
  );
  if (open)
    throw new HoldshortError(
      'invalid_input',
      `parameter ${open.key} is NoEcho and keeps its value, which everybody could read in this template`,
      `leave NoEcho: true at ${open.key}`,
    );
}

/**
 * Who may not see a value mustn't find it out by asking what passes with it: AWS answers while a change is only being
 * planned, without any decision. So whatever depends on a hidden value that the call doesn't give must depend on it
 * already.
 */
export async function refuseTests(
  question: Parameters<Readers['cloudformation']['newTest']>[0],
  { cloudformation }: Readers,
): Promise<void> {
  const found = await cloudformation.newTest(question);
  if (!found) return;
  const names = found.parameters
    .map((name) => bounded(name, 80, sha256))
    .slice(0, 10)
    .join(' or ');
  const [what, otherwise] =
    names === ''
      ? [
          'a literal of the template, or what another stack exports or a nested one hands out (so is one that is not found), is',
          '',
        ]
      : [`parameter ${names} keeps a value that is`, `, or give ${names} in \`parameters\``];
  throw new HoldshortError(
    'invalid_input',
    `${what} hidden, and in this template something new depends on what it is (a pattern, length or type, a condition or rule, a function that takes it apart or looks something up by it)`,
    `leave all that depends on it as the stack has it, or only put it somewhere by Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::If or Fn::Base64${otherwise}`,
  );
}
