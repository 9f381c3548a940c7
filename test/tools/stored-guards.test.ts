import { expect, test } from 'vitest';
import { z } from 'zod';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import { NO_RULES } from '../../src/kernel/rules.ts';
import { type Attempt, type ChangeTool, defineChangeTool, type Readers, type Writers } from '../../tools/define.ts';
import { TOOLS } from '../../tools/index.ts';
import { schemaDigestOf } from '../../tools/schema.ts';

/* What a tool reads back of a plan's guard has a form of its own; without one it is compared, and not read. */

const CHANGES = TOOLS.filter((tool): tool is ChangeTool => tool.kind === 'change');
const READING = CHANGES.flatMap((tool) => (tool.guard ? [{ tool, name: tool.name }] : []));

const [readers, writers] = [{} as Readers, {} as Writers];
const attempt: Attempt = { token: 'holdshort-0123456789', intended_at: '2026-11-24T07:00:00.000Z' };

/** A made-up tool with this guard, which tells what it is given of it. */
function counting(guard: z.ZodType | undefined, planned: Record<string, string | number>, seen: unknown[] = []) {
  return defineChangeTool({
    ...{ name: 'ledger_count', title: 'Count', description: 'Counts.', toolset: 'ledger', action: 'ledger:Count' },
    ...{ reads: [], effects: ['modify'], refusals: {} },
    input: z.strictObject({ reason: z.string() }),
    stored: z.strictObject({}),
    ...(guard && { guard }),
    record: () => ({}),
    plan: async () => ({ summary: 'count', targets: [], impact: [], guard: planned }),
    permits: () => ({ permissions: [] }),
    execute: async (plan) => void seen.push(plan.guard),
    async observe(plan) {
      seen.push(plan.guard);
      return { state: 'pending', detail: 'counting' };
    },
  });
}
const planWith = (guard: object) => ({ arguments: {}, guard }) as unknown as PlanRecord;

test.each(READING)('$name reads a guard of its own form, and no other', ({ tool }) => {
  const form = tool.guard as z.ZodType;
  for (const strange of [[], 'text', { 'i-1': 1 }]) expect(form.safeParse(strange).success).toBe(false);
});

test('a guard of another form comes no further than its schema, and is found out before anything is sent', async () => {
  const seen: unknown[] = [];
  const tool = counting(z.strictObject({ pages: z.number() }), { pages: 'ten' }, seen);
  await expect(tool.plan({}, readers, undefined, NO_RULES)).rejects.toThrow(z.ZodError);
  // By this code the executor knows that to look again is of no use.
  const unreadable = { code: 'tampered', message: expect.stringContaining('(guard)') };
  await expect(tool.execute(planWith({ pages: 'ten' }), writers, attempt)).rejects.toMatchObject(unreadable);
  await expect(tool.observe(planWith({}), readers, attempt)).rejects.toMatchObject(unreadable);
  expect(seen).toEqual([]);
  await tool.execute(planWith({ pages: 10 }), writers, attempt);
  expect(seen).toEqual([{ pages: 10 }]);
});

test('a tool that says nothing of its guard sees none', async () => {
  const seen: unknown[] = [];
  const tool = counting(undefined, { pages: 10 }, seen);
  expect((await tool.plan({}, readers, undefined, NO_RULES)).guard).toEqual({ pages: 10 });
  await tool.execute(planWith({ pages: 10 }), writers, attempt);
  await tool.observe(planWith({ pages: 10 }), readers, attempt);
  expect(seen).toEqual([undefined, undefined]);
});

test('a plan is stale once its tool reads its guard in another form', () => {
  const forms = [undefined, z.strictObject({ pages: z.number() }), z.strictObject({ pages: z.string() })];
  expect(new Set(forms.map((form) => schemaDigestOf(counting(form, {})))).size).toBe(forms.length);
});
