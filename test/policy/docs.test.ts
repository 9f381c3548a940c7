import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { policyTest } from '../../src/commands/policy-test.ts';
import { loadConfig } from '../../src/config.ts';
import { glassOf } from '../../src/kernel/break-glass.ts';
import { NO_APPROVALS } from '../../src/kernel/requirement.ts';
import type { Rules } from '../../src/kernel/rules.ts';
import { NO_RULES } from '../../src/kernel/rules.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { temporaryFolder } from '../config/home.ts';
import { ACTIONS, change } from './actions.ts';

const page = await readFile(new URL('../../docs/policy.md', import.meta.url), 'utf8');
const configuration = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) => block);
const examples = blocks(page, 'cedar').map((text) => ({ id: /@id\("([^"]+)"\)/.exec(text)?.[1] ?? '', text }));

/** Runs expectations as `policy test` does, and gives its text. */
async function tested(
  expectations: string,
  policy: { readonly text?: string; readonly source: string },
  rules: Rules = NO_RULES,
): Promise<string> {
  await using folder = await temporaryFolder();
  const engine = await loadPolicy({ ...policy, actions: ACTIONS });
  const file = await folder.write('expectations.yaml', expectations);
  return (await policyTest({ engine, rules, actions: ACTIONS }, file)).text;
}

const FREEZE = `{ agent: a, tool: ec2_stop_instances, environment: production, at: 2026-12-24T18:00:00Z`;
const CALL = '{ agent: a, operator: data-team, tool: ec2_terminate_instances, environment: production';
const DEPLOY = '{ agent: a, tool: cloudformation_deploy_stack';

/** What each example says that it does, by its first id. */
const SAYS: Readonly<Record<string, string>> = {
  reads: `
- ${CALL}, name: two others, expect: { decision: hold, by: data-team, requirement: { approvals: 2, operator_may_approve: false } } }
- ${CALL.replace('data-team', 'web')}, name: another team, expect: { decision: refuse } }
- { name: reads, agent: a, tool: ec2_describe_instances, environment: production, expect: { decision: allow, by: reads } }`,
  'never-terminate-in-production': `
- ${CALL}, name: never, expect: { decision: refuse, by: never-terminate-in-production } }
- ${CALL.replace('production', 'staging')}, name: eleven, effects: [delete], resources: 11, expect: { decision: refuse, by: few-at-a-time } }`,
  'production-delete': `
- ${CALL}, name: worst, effects: [delete], expect: { decision: hold, by: production-delete, requirement: { approvals: 2 } } }
- ${CALL}, name: rest, effects: [disrupt], expect: { decision: hold, by: production-rest, requirement: { approvals: 1 } } }`,
  'freeze-destruction': `
- ${FREEZE}, name: destroys, effects: [disrupt], expect: { decision: refuse, by: freeze-destruction } }
- ${FREEZE}, name: harmless, effects: [modify], expect: { decision: hold, by: freeze-harmless, requirement: { approvals: 2 } } }
- ${CALL}, name: no freeze, expect: { decision: hold, by: no-freeze, requirement: { approvals: 1 } } }`,
  'busy-agent': `
- ${CALL}, name: tenth, asked: { destructive_last_hour: 10 }, expect: { decision: hold, by: busy-agent, requirement: { approvals: 2 } } }
- ${CALL}, name: ninth, asked: { destructive_last_hour: 9 }, expect: { decision: hold, by: calm-agent, requirement: { approvals: 1 } } }
- ${CALL.replace('agent: a', 'agent: b')}, name: not in a list, expect: { decision: refuse, by: allow-lists } }`,
  'interruptions-in-development': `
- ${DEPLOY}, environment: development, effects: [modify, disrupt], name: interrupts, expect: { decision: allow, by: interruptions-in-development } }
- ${DEPLOY}, environment: development, effects: [disrupt, weaken], name: and more, expect: { decision: refuse } }
- ${DEPLOY}, environment: staging, effects: [disrupt], name: elsewhere, expect: { decision: refuse } }
- ${DEPLOY}, environment: development, effects: [create], delete_and_recreate: true, name: again, expect: { decision: refuse } }`,
  'unsettled-by-key': `
- ${DEPLOY}, environment: sandbox, unsettled: true, name: by key, expect: { decision: hold, requirement: { assurance: key } } }
- ${DEPLOY}, environment: sandbox, name: settled, expect: { decision: hold, by: otherwise, requirement: { assurance: client } } }`,
  'never-recreate': `
- ${DEPLOY}, environment: production, delete_and_recreate: true, name: never, expect: { decision: refuse, by: never-recreate } }
- ${DEPLOY}, environment: staging, delete_and_recreate: true, name: elsewhere, expect: { decision: hold, by: everything-else } }`,
  'break-glass': `
- ${CALL}, name: never rests on it, expect: { decision: hold, by: two-others, requirement: { approvals: 2, assurance: presence } } }`,
};

const RULES: Rules = {
  ...NO_RULES,
  agents: [{ name: 'a' }],
  freezes: [{ name: 'x', reason: 'r', time_zone: 'UTC', from: '2026-12-20T00:00', until: '2027-01-02T00:00' }],
};

describe('docs/policy.md', () => {
  it('has examples, and of each it is known what it says', () => {
    expect(examples.map(({ id }) => id)).toEqual(Object.keys(SAYS));
  });

  it.each(examples)('has an example that does what it says: $id', async ({ id, text }) => {
    expect(await tested(SAYS[id]!, { text, source: 'docs/policy.md' }, RULES)).toMatch(/, 0 not$/);
  });

  it('has an example of breaking the glass that lets exactly whom it names', async () => {
    const text = examples.find(({ id }) => id === 'break-glass')?.text ?? '';
    const engine = await loadPolicy({ text, source: 'docs/policy.md', actions: ACTIONS });
    const permits = (person: string, assurance: 'key' | 'presence', environment: 'production' | 'staging') =>
      engine.permits(change(environment, ['delete']), NO_APPROVALS, glassOf([{ person, assurance }]));
    expect(permits('noa', 'presence', 'production')).toBe(true);
    expect(permits('noa', 'key', 'production')).toBe(false);
    expect(permits('ida', 'presence', 'production')).toBe(false);
    expect(permits('noa', 'presence', 'staging')).toBe(false);
  });

  it('has expectations that hold with the example configuration', async () => {
    await using folder = await temporaryFolder();
    const [example = ''] = blocks(configuration, 'yaml');
    const rules = await loadConfig({ file: await folder.write('config.yaml', example), env: {} });
    const [expectations = ''] = blocks(page, 'yaml');
    expect(await tested(expectations, { source: 'default' }, rules)).toMatch(/7 as expected, 0 not$/);
  });

  it('names everything that a policy can look at', async () => {
    const { schemaText } = await import('../../src/policy/schema.ts');
    const members = [...schemaText([]).matchAll(/(\w+): /g)].map(([, name]) => name);
    for (const name of members) expect(page, name).toMatch(new RegExp(`\\b${name}\\b`));
  });
});
