import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POLICY_ACTIONS } from '../../src/commands/installation.ts';
import { policyCheck } from '../../src/commands/policy.ts';
import { actionOf } from '../../src/kernel/tool-name.ts';
import { checkRows } from '../../src/policy/check-rows.ts';
import { checkedAs } from '../../src/policy/checked.ts';
import { DEFAULT_POLICY, OWN_POLICIES } from '../../src/policy/default.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { schemaText } from '../../src/policy/schema.ts';
import { makePlace } from '../scenes/front-door.ts';

const SCHEMA = schemaText(POLICY_ACTIONS);

/** Whether Cedar has nothing to say of the text, asked about every action that there is. */
function isSoundForAll(text: string): boolean {
  const answer = cedar.validate({
    validationSettings: { mode: 'strict' },
    schema: SCHEMA,
    policies: { staticPolicies: text },
  });
  if (answer.type === 'failure') return false;
  return [answer.validationErrors, answer.validationWarnings, answer.otherWarnings].every((list) => list.length === 0);
}

const loads = (text: string) =>
  loadPolicy({ text, source: 'team.cedar', actions: POLICY_ACTIONS }).then(
    () => true,
    () => false,
  );

const NAMES = POLICY_ACTIONS.map(({ tool }) => `Action::"${actionOf(tool)}"`);
const anAction = fc.oneof(
  fc.constantFrom(...NAMES),
  fc.constantFrom('Action::"read"', 'Action::"change"', 'Action::"ec2:Nope"', 'Action::"ec2\\u{3a}RunInstances"'),
);
const aScope = fc.oneof(
  fc.constant('action'),
  anAction.map((action) => `action == ${action}`),
  anAction.map((action) => `action in ${action}`),
  fc.array(anAction, { minLength: 1, maxLength: 3 }).map((actions) => `action in [${actions.join(', ')}]`),
);
const aCondition = fc.oneof(
  fc.constantFrom('true', 'false', 'context.destructive', 'context.nope', 'context.resources > 3', 'context.region'),
  anAction.map((action) => `action == ${action}`),
  anAction.map((action) => `action in ${action} && context.destructive`),
  anAction.map((action) => `action != ${action} || context.nope`),
  anAction.map((action) => `if action == ${action} then context.destructive else context.nope`),
  anAction.map(
    (action) => `if action == ${action} then context.resources > 20 else context.effects == Effect::"delete"`,
  ),
);
const aPolicy = fc
  .tuple(fc.constantFrom('permit', 'forbid'), aScope, fc.constantFrom('when', 'unless'), aCondition)
  .map(([effect, scope, word, condition]) => `${effect} (principal, ${scope}, resource) ${word} { ${condition} };`);

describe('a policy is checked for every tool, though Cedar is asked about few', () => {
  it('it loads exactly when Cedar has nothing to say of it for any tool that there is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aPolicy, { minLength: 1, maxLength: 2 }), async (policies) => {
        const text = policies.join('\n');
        expect(await loads(text), text).toBe(isSoundForAll(text));
      }),
      { numRuns: 150 },
    );
  });

  const { tool: first } = POLICY_ACTIONS.find(({ kind }) => kind === 'change') ?? { tool: '' };
  it.each([actionOf(first), actionOf(first).replace(':', '\\u{3a}')])(
    'what a forbid says of all tools but %s is checked too: it would forbid nothing',
    async (named) => {
      const condition = `if action == Action::"${named}" then context.resources > 20 else context.effects == Effect::"delete"`;
      expect(await loads(`forbid (principal, action in Action::"change", resource) when { ${condition} };`)).toBe(
        false,
      );
    },
  );

  it('a tool whose name is written with an escape is known all the same', async () => {
    expect(await loads('permit (principal, action == Action::"ec2\\u{3a}RunInstances", resource);')).toBe(true);
  });
});

describe('policy check asks about one of the tools that a text does not name', () => {
  const some = ['ec2_stop_instances', 'ec2_run_instances', 'ec2_create_tags', 'ec2_describe_vpcs'];
  const actions = POLICY_ACTIONS.filter(({ tool }) => some.includes(tool));
  /** Each tool's answers, by environment and effect. */
  const answers = async (text: string, seen: string) => {
    const rows = checkRows(await loadPolicy({ text, source: 'a test', actions }), seen, actions);
    return rows.flatMap(({ environment, effects, tools, requirement }) =>
      (tools.length > 0 ? tools : ['all']).flatMap((tool) =>
        effects.map((effect) => JSON.stringify([environment, effect, tool, requirement])),
      ),
    );
  };
  const stopping = (name: string) => `permit (principal, action in Action::"read", resource);
permit (principal, action in Action::"change", resource) when { context.approvals.all.client >= 1 };
forbid (principal, action == Action::"${name}", resource) when { context.destructive && context.approvals.all.key == 0 };`;

  it.each([
    ['no tool', stopping('ec2:StopInstances').replace(/forbid[^;]*;/, '')],
    ['one tool', stopping('ec2:StopInstances')],
    ['one tool with an escape', stopping('ec2\\u{3a}StopInstances')],
  ])('it says of %s what asking about each says', async (_, text) => {
    const [said, each] = [await answers(text, text), await answers(text, '\\')];
    expect(said.sort()).toEqual(each.sort());
    expect(said.some((one) => one.includes('ec2_stop_instances'))).toBe(text.includes('StopInstances'));
  });
});

describe('the default policy was checked when the command was built', () => {
  const built = checkedAs(cedar.getCedarVersion(), DEFAULT_POLICY, POLICY_ACTIONS);

  it('that is in the code of the built command', () => {
    const chunks = readdirSync('dist/chunks').map((name) => readFileSync(join('dist/chunks', name), 'utf8'));
    expect(chunks.filter((code) => code.includes(built))).toHaveLength(1);
  });

  it.each(OWN_POLICIES)(
    'the built command decides by it as by its text: of those that commands write, %#',
    async (text) => {
      await using place = makePlace();
      const source = join(place.home, 'policy.cedar');
      writeFileSync(source, text);
      const said = await place.json(['policy', 'check', source]);
      const { data } = await policyCheck({ policy: { text, source }, actions: POLICY_ACTIONS });
      expect(said).toEqual(data);
    },
  );

  it.each([
    ['a text with one more blank', checkedAs(cedar.getCedarVersion(), `${DEFAULT_POLICY} `, POLICY_ACTIONS)],
    ['one tool less', checkedAs(cedar.getCedarVersion(), DEFAULT_POLICY, POLICY_ACTIONS.slice(1))],
    ['another Cedar', checkedAs(`${cedar.getCedarVersion()}1`, DEFAULT_POLICY, POLICY_ACTIONS)],
  ])('%s is not what was checked', (_, other) => expect(other).not.toBe(built));
});
