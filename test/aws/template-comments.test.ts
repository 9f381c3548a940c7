import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTemplate } from '../../src/aws/template/document.ts';
import { redactTemplate } from '../../src/aws/template/redaction.ts';
import { bounded } from '../scenes/bounded.ts';

const redacted = (text: string) => redactTemplate(text, 'arn:aws:cloudformation:eu-west-1:123456789012:stack/s/1').text;

const around = (comment: string) => `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
${comment}
      Timeout: 30
`;

const SECRET: readonly (readonly [what: string, template: string])[] = [
  ['a member', around('      # MasterUserPassword: hunter2')],
  ['a member in which no blank follows', around('#MasterUserPassword: hunter2')],
  ['a variable with a name of its own', around('      # - Name: DB_PASSWORD\n      #   Value: hunter2')],
  ['the same under a sentence', around('      # was before:\n      # - Name: DB_PASSWORD\n      #   Value: hunter2')],
  [
    'the same under another sentence',
    around('      # TODO take out\n      # - Name: DB_PASSWORD\n      #   Value: hunter2'),
  ],
  ['with empty lines in it', around('      # - Name: DB_PASSWORD\n      #\n\n      #   Value: hunter2')],
  ['in braces', around('      # Tags: [{ Key: password, Value: hunter2 }]')],
  ['in braces, beside a value', 'Resources: { A: { Type: T, # { Name: DB_PASSWORD, Value: hunter2 }\n B: 1 } }'],
  ['a script', around('      # UserData: |\n      #   #!/bin/sh\n      #   start hunter2')],
  ['over several lines', around('      # Password: >\n      #   hunter2\n      #   hunter2 again')],
  ['a whole resource', around('#  Db:\n#    Type: T\n#    Properties:\n#      MasterUserPassword: hunter2')],
  ['a parameter', around('#  Silent:\n#    Type: String\n#    NoEcho: true\n#    Default: hunter2')],
  ['a section', around('#Parameters:\n#  DbPassword:\n#    Default: hunter2')],
  ['an output', around('#Outputs:\n#  Password: { Value: hunter2 }')],
  ['twice taken out', around('      # # - Name: DB_PASSWORD\n      # #   Value: hunter2')],
  [
    'beside a value that is hidden',
    'Parameters:\n  P: { Type: String }\n  DbPassword:\n    Default: x # hunter2 before\n',
  ],
  ['beside a reference', around('      Password: !Ref P # hunter2')],
  ['beside a name', around('      Password: # hunter2\n        !Ref P')],
  [
    'beside the value of a variable',
    around('      Env:\n        - Name: DB_PASSWORD\n          Value: !Ref P # hunter2'),
  ],
  ['where a block begins', around('      Text: | # password: hunter2\n        abc')],
  ['after a block', around('      Text: |\n        abc\n      # - Name: DB_PASSWORD\n      #   Value: hunter2')],
  ['at the beginning', '# - Name: DB_PASSWORD\n#   Value: hunter2\nResources: {}\n'],
  ['at the end', 'Resources: {}\n# - Name: DB_PASSWORD\n#   Value: hunter2'],
  ['with the ends of lines of Windows', around('      # - Name: DB_PASSWORD\r\n      #   Value: hunter2\r')],
  ['a credential', around('      # see postgres://admin:hunter2@db/x')],
];

test.each(SECRET)('B9: a secret in a comment is hidden: %s', (_, template) => {
  const text = redacted(template);
  expect(text).not.toContain('hunter2');
  expect(text).toContain('[hidden:');
  // What isn't a comment is as it was, but for the one value that is hidden itself.
  const values = (one: string) =>
    JSON.stringify(parseTemplate(one, 10_000)).replace(/"(x|\[hidden:DbPassword#.*?)"/, '');
  expect(values(text)).toBe(values(template));
});

const KEPT = around(`      # The password is in Secrets Manager, see the wiki.
      # Timeout: 60 was too long
      #
      # - Name: STAGE
      #   Value: production
      Role: !Ref Role # of the function
      MemorySize: 128 # MB`);

test('B9: other comments stay as they were written', () => {
  expect(redacted(KEPT)).toBe(KEPT);
});

test('B9: a comment that takes long to read is read in a moment', () => {
  const deep = `# x: ${'['.repeat(50_000)}\n`;
  expect(redacted(`${deep}Resources: {}\n`)).toBe(`${deep}Resources: {}\n`);
  expect(redacted(`# Password: ${'['.repeat(50_000)}\nResources: {}\n`)).toBe('# [hidden:secret]\nResources: {}\n');
});

const WORDS = [
  'Password',
  'Name',
  ':',
  ': ',
  '- ',
  '|',
  '>',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  ', ',
  'a',
  '#',
  ' ',
  '  ',
  '!Ref',
  '&x',
  '*x',
  '%',
  '\n',
  '\n\n',
  '---',
  '{{resolve:a}}',
  '=',
  '\r\n',
];

test('B9: whatever comments hold, everything else stays as it was, and they stay comments', () => {
  const comments = fc.array(fc.constantFrom(...WORDS), { maxLength: 20 }).map((words) => words.join(''));
  const property = fc.property(comments, fc.integer({ min: 0, max: 8 }), fc.boolean(), (text, column, beside) => {
    const own = `\n${text}`.replaceAll('\n', `\n${' '.repeat(column)}#`).slice(1);
    const template = beside
      ? `Resources:\n  Fn: # ${text.replace(/\r?\n/g, ' ')}\n    Type: T # ${text.replace(/\r?\n/g, ' ')}\n`
      : around(own);
    expect(parseTemplate(redacted(template), 10_000)).toEqual(parseTemplate(template, 10_000));
  });
  fc.assert(property, { numRuns: bounded('generated comments in templates', 500, 100) });
});
