import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';

/*
 * What is particular to a service, its tools say (tools/define.ts): a rule that knows a service by name holds for it
 * alone, and a new one is judged without it. Comments count too: what can only be told by the example of one service is
 * mostly a rule of that service.
 */

const ROOMS = ['src/kernel', 'src/store', 'src/server', 'src/gate', 'src/executor'];

/** In whatever form: `stack`, `stack_name`, `StackName`. (A snapshot is also one of SQLite's files, and not here.) */
const WORDS =
  /\b(cloud ?formation|ec2|stacks?|change ?sets?|macros?|templates?|instances?|volumes?|security ?groups?|subnets?|vpcs?|amis?)\b|aws::/;

const knows = (text: string) =>
  WORDS.test(
    text
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .replace(/[_-]/g, ' ')
      .toLowerCase(),
  );

/** What remains, and why. */
const REMAINS: readonly { readonly file: string; readonly says: string; readonly why: string }[] = [
  {
    file: 'src/kernel/allow-list.ts',
    says: 'must be the name of a tool, or a pattern like "ec2_*"',
    why: 'an example for people, in the words of the tools that there are; nothing follows from it',
  },
  {
    file: 'src/server/context.ts',
    says: 'readonly macros: readonly string[];',
    why: 'a setting of one service, handed on as it is; no service has a part of the configuration of its own yet',
  },
  {
    file: 'src/server/planning.ts',
    says: 'const { macros, compareLive = true } = rules;',
    why: 'the same',
  },
  { file: 'src/server/planning.ts', says: 'readers, planners, macros, compareLive, announce', why: 'the same' },
  {
    file: 'src/server/resources.ts',
    says: 'resources/templates/list',
    why: "a request of MCP's, which has templates of its own",
  },
  { file: 'src/server/resources.ts', says: 'resourceTemplates: [', why: 'the same' },
  { file: 'src/server/resources.ts', says: 'uriTemplate: ', why: 'the same' },
];

/** `FILE:LINE: TEXT` of each line that knows a service. */
function knowing(is: (text: string) => boolean): readonly { readonly file: string; readonly line: string }[] {
  return ROOMS.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const file = join(room, name);
        const lines = readFileSync(file, 'utf8').split('\n');
        return lines.flatMap((text, at) => (is(text) ? [{ file, line: `${file}:${at + 1}: ${text.trim()}` }] : []));
      }),
  );
}

const isKnown = (found: { readonly file: string; readonly line: string }) =>
  REMAINS.some(({ file, says }) => file === found.file && found.line.includes(says));

test('the words are found in any form, and nothing else is', () => {
  const told = [
    'StackName',
    'stackIdOf',
    'a stack that',
    'ticket_stack',
    'ec2_*',
    'changeSet',
    'two instances',
    'AWS::X::Y',
  ];
  expect(told.filter((text) => !knows(text))).toEqual([]);
  expect(['error instanceof Error', 'a haystack', 'exec2', 'openSnapshot'].filter(knows)).toEqual([]);
});

test('kernel, store, server, gate and executor know nothing of CloudFormation or EC2', () => {
  expect(
    knowing(knows)
      .filter((found) => !isKnown(found))
      .map(({ line }) => line),
  ).toEqual([]);
});

test('nor do they know a tool by its name', () => {
  const names = TOOLS.filter(({ kind }) => kind === 'read' || kind === 'change').map(({ name }) => name);
  expect(knowing((text) => new RegExp(`\\b(${names.join('|')})\\b`).test(text))).toEqual([]);
});

test('what is said to remain is there', () => {
  const found = knowing(knows);
  const gone = REMAINS.filter(({ file, says }) => !found.some((one) => one.file === file && one.line.includes(says)));
  expect(gone).toEqual([]);
});
