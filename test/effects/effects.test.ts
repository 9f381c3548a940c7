import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Aws } from '../../src/aws/index.ts';
import { EFFECTS, type Effect, isDestructive } from '../../src/kernel/effects.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Planned } from '../../tools/define.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, testAws } from '../scenes/tools.ts';

/*
 * What AWS's documentation says of a change, against what the plan says of it: through the tool, the SDK and the
 * embedded cloud. A milder verdict is a failure, wherever it is. A harsher one is counted, and there may be few of
 * them.
 */

const Properties = z.record(z.string(), z.unknown());
const Case = z.strictObject({
  name: z.string(),
  page: z.url({ hostname: /^docs\.aws\.amazon\.com$/ }),
  /** The page tells the property, and what this change does isn't said there. */
  by: z.literal('knowledge').optional(),
  /** With a type `before` and `after` are the properties of one resource, `Subject`; else they are templates. */
  type: z.string().optional(),
  before: Properties,
  /** Absent: the template stays, and something else changes. */
  after: Properties.optional(),
  /** What is beside the properties of `Subject`. */
  with_before: Properties.default({}),
  with_after: Properties.default({}),
  before_parameters: z.record(z.string(), z.string()).optional(),
  parameters: z.record(z.string(), z.string()).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  drifted: z.array(z.string()).optional(),
  /** The effect on `Subject`, or on each resource by its path, and on `stack`. */
  expect: z.union([z.enum(EFFECTS), z.record(z.string(), z.enum(EFFECTS))]).optional(),
  refused: z.string().optional(),
});
type Case = z.infer<typeof Case>;
const File = z.strictObject({
  bases: z.unknown(),
  /** Resources that each template has as well, before and after. */
  beside: Properties.default({}),
  pages: z.record(z.string(), z.url()),
  templates: z.record(z.string(), Properties).optional(),
  cases: z.array(Case),
});

const FOLDER = new URL('.', import.meta.url);
const FILES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({
    name,
    ...File.parse({
      bases: null,
      ...parse(readFileSync(new URL(name, FOLDER), 'utf8'), { merge: true, maxAliasCount: -1 }),
    }),
  }));

/** Of those that were judged harsher than the documentation says. */
const HARSHER_PERCENT = 5;

let judged = 0;
const harsher: string[] = [];

function templateOf(
  one: Case,
  when: 'before' | 'after',
  others: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const given = one[when];
  if (given === undefined) return undefined;
  if (one.type === undefined) return { ...given, Resources: { ...others, ...(given.Resources as object) } };
  const beside = when === 'before' ? one.with_before : one.with_after;
  return { Resources: { ...others, Subject: { Type: one.type, ...beside, Properties: given } } };
}

/** The worst line of each resource by its path; of the stack itself, `stack`. */
function verdicts({ impact }: Planned): ReadonlyMap<string, Effect> {
  const found = new Map<string, Effect>();
  for (const { effect, detail } of impact) {
    const [, name = 'stack'] = /^([A-Za-z0-9/]+): /.exec(detail) ?? [];
    const known = found.get(name);
    if (!known || EFFECTS.indexOf(effect) > EFFECTS.indexOf(known)) found.set(name, effect);
  }
  return found;
}

for (const { name: file, cases, beside, templates = {} } of FILES) {
  describe(file, () => {
    let cloud: Cloud;
    let aws: Aws;
    const stackOf = (one: Case) => `case-${cases.indexOf(one)}`;

    beforeAll(async () => {
      const stacks = cases.map((one) => ({
        name: stackOf(one),
        template: templateOf(one, 'before', beside) ?? {},
        ...(one.before_parameters ? { parameters: one.before_parameters } : {}),
        ...(one.drifted ? { drifted: one.drifted } : {}),
      }));
      cloud = await startCloud({ stacks, templates }, { latencyMs: 2 });
      aws = testAws(cloud.endpoint);
    });
    afterAll(async () => await cloud[Symbol.asyncDispose]());

    const plan = async (one: Case) => {
      const after = templateOf(one, 'after', beside);
      const proposal = await propose(aws, 'cloudformation_deploy_stack', {
        stack_name: stackOf(one),
        ...(after ? { template_body: JSON.stringify(after) } : { use_previous_template: true }),
        ...(one.parameters ? { parameters: one.parameters } : {}),
        ...(one.tags ? { tags: one.tags } : {}),
        capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
      });
      await proposal.discard();
      return proposal;
    };

    // Each has a stack of its own, and waits for its change set.
    test.concurrent.each(cases.map((one) => ({ title: one.name, one })))('$title', async ({ one }) => {
      if (one.refused !== undefined) {
        const refusal = await plan(one).catch((error: unknown) => error);
        expect(refusal instanceof HoldshortError && refusal.code).toBe(one.refused);
        return;
      }
      const proposal = await plan(one);
      const found = verdicts(proposal);
      const expected = Object.entries(typeof one.expect === 'string' ? { Subject: one.expect } : (one.expect ?? {}));
      expect(expected, one.name).not.toHaveLength(0);
      for (const [resource, effect] of expected) {
        judged += 1;
        const verdict = found.get(resource) ?? 'read';
        const by = EFFECTS.indexOf(verdict) - EFFECTS.indexOf(effect);
        const lines = proposal.impact.map((line) => `${line.effect} ${line.detail}`).join('\n');
        expect(by, `${resource} is ${verdict}, milder than ${effect}:\n${lines}`).toBeGreaterThanOrEqual(0);
        if (by > 0) harsher.push(`${file}, ${one.name}: ${resource} is ${verdict} instead of ${effect}`);
      }
      for (const [resource, verdict] of found) {
        if (expected.some(([known]) => known === resource) || !isDestructive(verdict)) continue;
        harsher.push(`${file}, ${one.name}: ${resource} is ${verdict}, and nothing is expected of it`);
      }
    });
  });
}

test('there are enough cases, and few verdicts are harsher than they need be', () => {
  expect(FILES.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(1_400);
  // Which ones: SHOW_HARSHER=1 npx vitest run test/effects
  if (process.env.SHOW_HARSHER) process.stderr.write(`${harsher.join('\n')}\n${judged}\n`);
  expect((harsher.length / judged) * 100, harsher.join('\n')).toBeLessThanOrEqual(HARSHER_PERCENT);
});
