import { describe, expect, it, test } from 'vitest';
import { DELETING_STATES, type Deletion } from '../../../src/kernel/circumstances.ts';
import type { PlanRecord } from '../../../src/kernel/plan.ts';
import type { TicketState } from '../../../src/kernel/ticket.ts';
import type { Unsettled } from '../../../src/kernel/unsettled.ts';
import { begun, demandAsSeen, stepBegun } from '../../../src/store/story/executing.ts';
import type { TicketRows } from '../../../src/store/story/row.ts';
import { newId } from '../../scenes/openings.ts';
import { CLAIM, claimed, code, entryOf, HOUR, iso, MINUTE, NOW, passed, rowOf, STEP } from './rows.ts';

const at = iso(NOW);
const begins = { at, leaseMs: 2 * MINUTE };
const intent = { token: 'token', intended_at: at };
const weighed = { decisions: 0, statements: 2 };
const NOTHING = { unsettled: [], deletion: undefined };
const steps: PlanRecord['steps'] = [STEP, STEP];

const approved = (planned: Partial<PlanRecord> = {}) =>
  passed(claimed(rowOf({ planned })), ['pending', 'approved'], NOW - MINUTE);
const executing = (planned: Partial<PlanRecord> = {}) =>
  passed(claimed(rowOf({ planned })), ['approved', 'executing'], NOW - MINUTE, { intent: { ...intent, step: 1 } });

/** As the kept head knows the ticket, with two signed statements. */
const kept = ({ row }: TicketRows, changes = {}) => ({
  statements: [1, 2].map((seq) => ({ statement: '{}', signature: '', seq })),
  decisions: [],
  state: row.state as string,
  digest: row.digest!,
  ...changes,
});
const demand = (rows: TicketRows, wanted: TicketState, seen = kept(rows), approvals?: number) =>
  demandAsSeen(rows, CLAIM, seen, wanted, { ...weighed, ...(approvals !== undefined && { approvals }) });

describe('what may begin', () => {
  it('is a claimed ticket that the log, as it was seen, knows as approved', () => {
    const rows = approved();
    expect(demand(rows, 'approved').plan?.ticket).toBe(rows.row.id);
    expect(() => demand({ ...rows, row: { ...rows.row, claim_owner: 'ex2' } }, 'approved')).toThrow(code('conflict'));
  });

  it.each([
    ['one that the log knows as executed', { state: 'succeeded' }],
    ['one that the log does not know', { state: undefined }],
    ['one with another plan', { digest: 'another' }],
  ])('is not %s', (_, seen) => {
    const rows = approved();
    expect(() => demand(rows, 'approved', kept(rows, seen))).toThrow(code('tampered'));
  });

  it('is none whose own trail does not hold', () => {
    const rows = approved();
    expect(() => demand({ ...rows, entries: rows.entries.slice(1) }, 'approved')).toThrow(code('tampered'));
    const plan = rows.row.plan!.replace('stop 1', 'stop 2');
    expect(() => demand({ ...rows, row: { ...rows.row, plan } }, 'approved')).toThrow(code('tampered'));
  });

  it('is none after a halt, a revocation or a decision that clearance knew nothing of', () => {
    const rows = approved();
    for (const more of [{ statements: [] }, { decisions: kept(rows).statements }])
      expect(() => demand(rows, 'approved', kept(rows, more))).toThrow(code('conflict'));
  });
});

describe('a ticket begins', () => {
  const busy = (state: Unsettled['state']): Unsettled => ({ ticket: newId(), agent: 'a', tool: 't', state, at });

  it('with its intent', () => {
    const told = begun(demand(approved(), 'approved'), NOTHING, intent, { mode: 'auto' }, begins);
    expect(told.after).toMatchObject({
      state: 'executing',
      entries: 3,
      claim_owner: 'ex1',
      claim_until: NOW + 2 * MINUTE,
    });
    expect(entryOf(told).event).toMatchObject({ actor: 'executor:ex1', detail: { mode: 'auto', intent } });
  });

  it('not beside another about the same, and after an unknown one only where its people were told', () => {
    const begin = (unsettled: Unsettled, told?: Unsettled, approvals?: number) => () => {
      const rows = approved({ circumstances: circumstances(told) });
      const surrounding = { ...NOTHING, unsettled: [unsettled] };
      return begun(demand(rows, 'approved', kept(rows), approvals), surrounding, intent, {}, begins);
    };
    const unknown = busy('unknown');
    expect(begin(busy('executing'))).toThrow(code('conflict'));
    expect(begin(unknown)).toThrow(code('conflict'));
    expect(begin(unknown, unknown, 1)).not.toThrow();
    expect(begin(unknown, undefined, 1)).toThrow(code('conflict'));
    const running = busy('executing');
    expect(begin(running, running, 1)).toThrow(code('conflict'));
    // A row that an attacker wrote says that its people were told, and had none.
    expect(begin(unknown, unknown)).toThrow(code('conflict'));
    expect(begin(unknown, unknown, 0)).toThrow(code('conflict'));
  });

  it('not as one that makes anew what another deletes, unless it says so', () => {
    const begin =
      (event: 'create' | 'update', state: Deletion['state'], told = false) =>
      () => {
        const deletion = { ticket: newId(), agent: 'a', state, at };
        const asked = circumstances(undefined);
        const planned = {
          lifecycle: { kind: 'stack', name: 'shop', event },
          circumstances: told ? { ...asked, deletion } : asked,
        };
        return begun(demand(approved(planned), 'approved'), { unsettled: [], deletion }, intent, {}, begins);
      };
    for (const state of DELETING_STATES) expect(begin('create', state)).toThrow(code('conflict'));
    expect(begin('update', 'pending')).toThrow(code('conflict'));
    expect(begin('update', 'succeeded')).not.toThrow();
    expect(begin('create', 'succeeded', true)).not.toThrow();
  });

  it('not after its hashed time', () => {
    expect(() =>
      begun(demand(approved(), 'approved'), NOTHING, intent, {}, { ...begins, at: iso(NOW + HOUR) }),
    ).toThrow(code('expired'));
  });
});

function circumstances(told: Unsettled | undefined): PlanRecord['circumstances'] {
  return { asked: { destructive_last_hour: 0, pending: 0 }, ...(told && { unsettled: [told] }) };
}

test('the next step follows the last one that was begun, once, and none follows the last of the plan', () => {
  const next =
    (step: number, planned: Partial<PlanRecord> = { steps }) =>
    () =>
      stepBegun(demand(executing(planned), 'executing'), { ...intent, step }, {}, begins);
  const told = next(2)();
  expect(told.after).toMatchObject({ state: 'executing', entries: 3, claim_until: NOW + 2 * MINUTE });
  expect(entryOf(told).event).toMatchObject({ type: 'execution.step', detail: { intent: { step: 2 } } });
  for (const step of [1, 3]) expect(next(step)).toThrow(code('conflict'));
  expect(next(2, {})).toThrow(code('conflict'));
});
