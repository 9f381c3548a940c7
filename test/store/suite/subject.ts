import { expect } from 'vitest';
import type { Verification } from '../../../src/audit/verify.ts';
import type { Claim, Store, StoredTicket } from '../../../src/store/port.ts';
import { openingOf, person } from '../../scenes/openings.ts';

export interface StoreUnderTest {
  /** Opens another store on the same data. */
  open(clock: () => number): Store;
  verify(): Promise<Verification>;
  cleanUp(): Promise<void>;
}

/** What the tests of a store share: a fresh store and a clock that they set, for each test. */
export interface Subject {
  under: StoreUnderTest;
  store: Store;
  now: number;
  readonly ann: ReturnType<typeof person>;
  readonly bob: ReturnType<typeof person>;
  agent(): ReturnType<Store['forAgent']>;
  approver(): ReturnType<Store['forApprover']>;
  executor(): ReturnType<Store['forExecutor']>;
  opened(changes?: Parameters<typeof openingOf>[1]): Promise<StoredTicket>;
  claimed(id: StoredTicket['id'], owner?: string): Promise<Claim>;
}

export const code = (expected: string) => expect.objectContaining({ code: expected });

export const event = (ticket?: string) =>
  ({ type: 'call.completed', actor: 'agent:claude', ticket, detail: {} }) as const;

export function newSubject(): Subject & { start(under: StoreUnderTest): void } {
  const missing = undefined as never;
  const subject = {
    under: missing as StoreUnderTest,
    store: missing as Store,
    now: 0,
    ann: person('ann'),
    bob: person('bob'),
    start(under: StoreUnderTest) {
      subject.now = Date.parse('2026-01-02T03:04:05.678Z');
      subject.under = under;
      subject.store = under.open(() => subject.now);
    },
    agent: () => subject.store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }),
    approver: () => subject.store.forApprover(),
    executor: () => subject.store.forExecutor('ex1'),
    opened: async (changes: Parameters<typeof openingOf>[1] = {}) =>
      (await subject.agent().openTicket(openingOf(subject.now, changes))).ticket,
    claimed: async (id: StoredTicket['id'], owner = 'ex1') => {
      const claim = await subject.executor().claim(id, owner, 30_000);
      expect(claim).toBeDefined();
      return claim!;
    },
  };
  return subject;
}
