import { expect, test } from 'vitest';
import { z } from 'zod';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import { NO_RULES } from '../../src/kernel/rules.ts';
import type { Attempt, ChangeTool, Readers, Writers } from '../../tools/define.ts';
import { TOOLS } from '../../tools/index.ts';
import { schemaDigestOf } from '../../tools/schema.ts';

/* What a tool stores has a form of its own, and comes back to it in no other. */

const CHANGES = TOOLS.filter((tool): tool is ChangeTool => tool.kind === 'change').map((tool) => ({
  tool,
  name: tool.name,
}));

// Neither is touched: arguments of another form come no further than their schema.
const [readers, writers] = [{} as Readers, {} as Writers];
const attempt: Attempt = { token: 'holdshort-0123456789', intended_at: '2026-11-24T07:00:00.000Z' };

test.each(CHANGES)('$name neither plans, runs nor observes arguments of another form', async ({ tool }) => {
  const strange = { arguments: { never_stored: true }, targets: [], guard: {} } as unknown as PlanRecord;
  await expect(tool.plan(strange.arguments, readers, undefined, NO_RULES)).rejects.toThrow(z.ZodError);
  for (const use of [tool.execute(strange, writers, attempt), tool.observe(strange, readers, attempt)])
    await expect(use).rejects.toMatchObject({ code: 'tampered', message: expect.stringContaining('(arguments)') });
});

test.each(CHANGES)('$name keeps neither the reason nor the region among the arguments', ({ tool }) => {
  expect(Object.keys(tool.stored.shape)).not.toEqual(expect.arrayContaining(['reason']));
  expect(Object.keys(tool.stored.shape)).not.toEqual(expect.arrayContaining(['region']));
});

test.each(CHANGES)('a plan is stale once $name stores another form', ({ tool }) => {
  const later = { ...tool, stored: tool.stored.extend({ added: z.string() }) };
  expect(schemaDigestOf(later)).not.toBe(schemaDigestOf(tool));
});

test.each(CHANGES)('a plan is stale once $name leaves something else in AWS while it plans', ({ tool }) => {
  const makes = tool.makes ?? {
    what: 'draft',
    request: 'CreateDraft',
    residue: z.strictObject({}),
    ofTicket: () => true,
  };
  const others = [
    { ...makes, what: 'another' },
    { ...makes, request: 'CreateAnother' },
    { ...makes, residue: makes.residue.extend({ added: z.string() }) },
  ];
  const digests = [tool, ...others.map((later) => ({ ...tool, makes: later }))].map(schemaDigestOf);
  expect(new Set(digests).size).toBe(digests.length);
});
