import { expect, test } from 'vitest';
import { reachedIn } from '../../tools/cloudformation/deployment/effects/rules/reached-in.ts';
import type { Rules } from '../../tools/cloudformation/knowledge/language.ts';

/* What a value reaches, by the rules for it: the names that the owner of each is looked up for. */

const ARN = 'arn:aws:sqs:eu-west-1:123456789012:theirs';
const UNTOLD = '{{changeSet:KNOWN_AFTER_APPLY}}';

test.each<[string, Rules | undefined, unknown, string[]]>([
  ['what it acts on, by any name', 'acts', 'theirs', ['acts on theirs']],
  ['whom it tells', 'notifies', ARN, [`acts on ${ARN}`]],
  ['each of several', 'acts', ['a', 'b'], ['acts on a', 'acts on b']],
  ['as whom it acts', ['code', 'acts-as'], 'admin', ['acts as admin']],
  ['what it copies', ['replaces', 'reads'], 'theirs', ['reads theirs']],
  ['what can not be read', 'acts', UNTOLD, ['acts on undefined']],
  ['what is masked', 'acts', '****', ['acts on undefined']],
  ['in a document', { members: { Arn: 'acts', Size: 'capacity' } }, { Arn: ARN, Size: 3 }, [`acts on ${ARN}`]],
  ['in a list', { each: { members: { Arn: 'acts' } }, added: 'modify', lost: 'modify' }, [{ Arn: 'a' }], ['acts on a']],
  ['in a map', { keys: 'acts-as', added: 'modify', lost: 'modify' }, { x: 'role' }, ['acts as role']],
  ['in any other member of a document that is none', { members: {}, others: 'acts' }, UNTOLD, ['acts on undefined']],
  ['in a document that is no document', { members: { Arn: 'acts' } }, UNTOLD, ['acts on undefined']],
  ['in a member that nobody judged', { members: {} }, { New: { Deep: [`see ${ARN}`] } }, [`acts on ${ARN}`]],
  ['in a property that nobody judged', undefined, ['sg-0123abcd', 'plain'], ['acts on sg-0123abcd']],
  ['nothing by what it is placed in', 'uses', 'subnet-0123abcd', []],
  ['nothing by what everyone shares', { shared: ['default'], other: 'acts' }, 'default', []],
  ['any other name there', { shared: ['default'], other: 'acts' }, 'orders', ['acts on orders']],
  ['what is called like a switch', 'acts', true, ['acts on true']],
  ['what is called like a number', 'acts', ['42', 7], ['acts on 42', 'acts on 7']],
  ['what a document names as its text', 'acts', '{"Sync":"theirs"}', ['acts on theirs']],
  ['what another parameter gives', 'acts', 'role/{{resolve:ssm:/prod/role}}', ['acts on undefined']],
  ['the same where nobody judged', undefined, '{{resolve:ssm:/prod/queue:3}}', ['acts on undefined']],
  ['the same in a document of an API', 'openapi', { uri: '{{resolve:ssm:/prod/uri}}' }, ['acts on undefined']],
  ["nothing by AWS's own parameter", 'acts', '{{resolve:ssm:/aws/service/ami/latest}}', []],
  ["more than AWS's own parameter", 'acts', 'x{{resolve:ssm:/aws/service/a}}', ['acts on undefined']],
  ['nothing by nothing', 'acts', '', []],
])('%s', (_, rules, value, expected) => {
  const found = reachedIn(rules, value as never, ['P'], new Map());
  expect(found.map(({ how, name }) => `${how} ${name}`)).toEqual(expected);
});

test('what the template takes from itself isn’t reached, at its place alone', () => {
  const own = new Map([['/P/1', ['Thing']]]);
  expect(reachedIn('acts', ['a', 'a'], ['P'], own)).toEqual([{ name: 'a', steps: ['P', '0'], how: 'acts on' }]);
});
