import { afterAll, beforeAll, expect, test } from 'vitest';
import { effectsOf } from '../../src/kernel/effects.ts';
import type { Impact } from '../../src/kernel/plan.ts';
import { NO_RULES } from '../../src/kernel/rules.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { type Weighing, weigh } from '../../src/server/weighing.ts';
import { annotationsOf } from '../../tools/annotations.ts';
import type { ChangeTool } from '../../tools/define.ts';
import { TOOLS } from '../../tools/index.ts';
import { open, temporaryFolder } from '../store/sqlite/folder.ts';

const folder = temporaryFolder();
const store = open(folder);
const place = { account: '123456789012', region: 'eu-west-1' };
const CHANGES = TOOLS.filter((tool): tool is ChangeTool => tool.kind === 'change');
let weighing: Weighing;

beforeAll(async () => {
  const actions = TOOLS.filter(({ kind }) => kind === 'read' || kind === 'change').map(({ name, kind }) => ({
    tool: name,
    kind: kind as 'read' | 'change',
  }));
  const policy = await loadPolicy({ source: 'default', actions });
  const rules = { ...NO_RULES, macros: [], expireAfterMs: () => 3_600_000 };
  weighing = {
    agent: 'claude',
    operator: 'ann',
    rules: async () => rules,
    policy: async () => policy,
    store: store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }),
  };
});
afterAll(async () => {
  await store.close();
  folder.remove();
});

async function weighed(tool: ChangeTool, effects: readonly Impact['effect'][]) {
  const type = 'AWS::EC2::Instance';
  const impact = effects.map((effect) => ({ resource: 'i-1', type, effect, detail: 'so', recoverable: true }));
  const targets = [{ id: 'i-1', type, name: 'i-1', tags: {} }];
  return await weigh(weighing, tool, {}, { summary: 'so', targets, impact, guard: {} }, place);
}

test.each(CHANGES.filter((tool) => !annotationsOf(tool).destructiveHint).map((tool) => [tool.name, tool] as const))(
  'D27: a destructive plan of %s, which is announced as harmless, is refused',
  async (_, tool) => {
    for (const effect of ['unjudged', 'disrupt', 'expose', 'weaken', 'replace', 'delete', 'unknown'] as const)
      await expect(weighed(tool, [...tool.effects, effect])).rejects.toMatchObject({ code: 'internal' });
    // A plan that claims nothing can't be classified, which is the worst.
    await expect(weighed(tool, [])).rejects.toMatchObject({ code: 'internal' });
    const { planned } = await weighed(tool, tool.effects);
    expect(effectsOf(planned.impact).length).toBe(tool.effects.length);
  },
);
