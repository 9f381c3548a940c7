import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { EFFECTS, type Effect } from '../../../src/kernel/effects.ts';
import type { Planned } from '../../../tools/define.ts';
import { planOrCode, type Told } from './answered.ts';

/*
 * AWS's answers are believed only where all of them is understood and fits: of each of these, the plan says the worst,
 * or there is no plan. Through the tool and the SDK, from a server that gives the answer.
 */

const Edits = z.record(z.string(), z.unknown());
const Case = z.strictObject({
  name: z.string(),
  page: z.string(),
  from: z.string(),
  /** What is put where; `change.Details.0.Target.Name`. */
  set: Edits.default({}),
  drop: z.array(z.string()).default([]),
  /** The code of the refusal; absent: the plan says `unknown`. */
  refused: z.string().optional(),
});
const File = z.strictObject({
  pages: z.record(z.string(), z.url({ hostname: /^docs\.aws\.amazon\.com$/ })),
  bases: z.record(z.string(), z.record(z.string(), z.unknown())),
  honest: z.array(z.strictObject({ from: z.string(), worst: z.enum(EFFECTS) })),
  cases: z.array(Case),
});

const FORGED = File.parse(
  parse(readFileSync(new URL('./forged.yaml', import.meta.url), 'utf8'), { merge: true, maxAliasCount: 1000 }),
);

type Node = Record<string, unknown>;

function toldBy(from: string, set: Node = {}, drop: readonly string[] = []): Told {
  const told = structuredClone(FORGED.bases[from]) as Node & { changes: Node[] };
  told.answer = {};
  told.stack = {};
  const { twice, ...edits } = set;
  const at = (path: string): [Node, string] => {
    const steps = path
      .replace(/^entry/, 'changes.0')
      .replace(/^change\b/, 'changes.0.ResourceChange')
      .split('.');
    const last = steps.pop() ?? '';
    return [steps.reduce((node, step) => node[step] as Node, told as Node), last];
  };
  for (const path of drop) {
    const [node, last] = at(path);
    delete node[last];
  }
  for (const [path, value] of Object.entries(edits)) {
    const [node, last] = at(path);
    node[last] = value;
  }
  const changes = told.changes.map(asAnswered);
  return { ...told, changes: twice ? [...changes, ...changes] : changes } as unknown as Told;
}

/** Contexts are texts of JSON in AWS's answers. */
function asAnswered({ ResourceChange, ...entry }: Node): Node {
  if (ResourceChange === undefined) return entry;
  const { BeforeContext, AfterContext, ...change } = ResourceChange as Node;
  const text = (context: unknown) => (typeof context === 'object' ? JSON.stringify(context) : context);
  return {
    ...entry,
    ResourceChange: { ...change, BeforeContext: text(BeforeContext), AfterContext: text(AfterContext) },
  };
}

function worstOf({ impact }: Planned): Effect {
  const ranks = impact.map(({ effect }) => EFFECTS.indexOf(effect));
  return EFFECTS[Math.max(...ranks)] ?? 'unknown';
}

describe('what AWS does answer is believed', () => {
  test.each(FORGED.honest)('$from', async ({ from, worst }) => {
    const plan = await planOrCode(toldBy(from));
    if (typeof plan === 'string') throw new Error(`refused: ${plan}`);
    const lines = plan.impact.map(({ effect, detail }) => `${effect} ${detail}`).join('\n');
    expect(EFFECTS.indexOf(worstOf(plan)), lines).toBeLessThanOrEqual(EFFECTS.indexOf(worst));
    expect(lines).not.toContain('not believed');
  });
});

describe('of what it does not, the worst is said', () => {
  test.each(FORGED.cases)('$name', async ({ page, from, set, drop, refused }) => {
    expect(FORGED.pages).toHaveProperty(page);
    const plan = await planOrCode(toldBy(from, set, drop));
    if (typeof plan === 'string') expect(plan).toBe(refused);
    else expect(refused ?? worstOf(plan)).toBe('unknown');
  });

  test('in at least 60 ways', () => {
    expect(FORGED.cases.length).toBeGreaterThanOrEqual(60);
  });
});
