import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { outcomeText } from '../../approvals/render/outcome.ts';
import type { Believed, Unplanned } from '../../src/audit/believe.ts';
import type { RecheckContext } from '../../src/executor/context.ts';
import { settle } from '../../src/executor/execute.ts';
import { gate, recheck } from '../../src/executor/recheck.ts';
import { recheckStep } from '../../src/executor/steps.ts';
import { besideOf } from '../../src/server/beside.ts';
import { messageOf } from '../../src/server/message.ts';
import { ticketAnswer, ticketData } from '../../src/server/views.ts';
import type { StoredTicket } from '../../src/store/port.ts';

/*
 * What is stored of a ticket is believed in one place. Nothing below is called: that `tsc` finds an error in each
 * line is the test, and an error that isn't there any more is one too.
 */
const refusedByType = (stored: StoredTicket, context: RecheckContext) => [
  // @ts-expect-error an agent is told nothing of a row
  ticketData(stored),
  // @ts-expect-error
  ticketAnswer(stored),
  // @ts-expect-error
  messageOf(stored),
  // @ts-expect-error
  besideOf(undefined as never, stored),
  // @ts-expect-error nor are people
  outcomeText(stored, 80),
  // @ts-expect-error and none is run
  recheck(stored, context),
  // @ts-expect-error
  recheckStep(stored, 2, context),
  // @ts-expect-error
  gate(stored, undefined as never, context),
  // @ts-expect-error or looked at
  settle(undefined as never, context, { ...stored, intent: undefined as never }, undefined as never),
  // @ts-expect-error nobody makes one that is believed
  { ...stored, plan: undefined as never, digest: '', bytes: '', opened: 1 } satisfies Believed,
  // @ts-expect-error
  { ...stored, plan: undefined, opened: 1 } satisfies Unplanned,
];

test('a stored ticket can not be shown or run by its type', () => {
  expect(refusedByType).toBeTypeOf('function');
});

test('a stored plan is read where a ticket is believed, and in the store', () => {
  const files = ['src', 'tools', 'approvals'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const reading = (word: RegExp) => files.filter((file) => word.test(readFileSync(file, 'utf8')));
  const inStore = (file: string) => file.startsWith('src/store/');
  expect(reading(/\breadPlan\b/).filter((file) => !inStore(file))).toEqual([
    'src/audit/believe.ts',
    'src/kernel/plan.ts',
  ]);
  expect(reading(/\bcheckTrail\b/).filter((file) => !inStore(file))).toEqual([
    'src/audit/believe.ts',
    'src/audit/trail.ts',
  ]);
});
