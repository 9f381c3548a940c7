import { describe, expect, it, test } from 'vitest';
import { isTerminal, mayFollow, TICKET_STATES } from '../../../src/kernel/ticket.ts';
import { expired, finished, planningRefused, stopped, withdrawn } from '../../../src/store/story/ending.ts';
import { CLAIM, claimed, code, entryOf, HOUR, iso, MINUTE, NOW, rowOf } from './rows.ts';

const at = iso(NOW);
const caller = { agent: 'claude', operator: 'ann', session: 's1' };
const refusal = { code: 'stale', message: 'it moved', recovery: 'ask again' } as const;
const outcome = { result: { done: true }, refusal: undefined };

test.each(TICKET_STATES)('%s ends only as the table of states says', (state) => {
  const row = claimed(rowOf({ state, made: NOW - 2 * HOUR }));
  const ends = {
    withdrawn: () => withdrawn(row, caller, 'no need', at),
    refused: () => planningRefused(row, caller, refusal, at),
    expired: () => expired(row, 'ex1', at),
    stale: () => stopped(row, CLAIM, 'stale', refusal, at),
    succeeded: () => finished(row, CLAIM, 'succeeded', outcome, at),
    failed: () => finished(row, CLAIM, 'failed', outcome, at),
    unknown: () => finished(row, CLAIM, 'unknown', outcome, at),
  } as const;
  for (const [to, end] of Object.entries(ends) as [keyof typeof ends, () => ReturnType<typeof withdrawn>][]) {
    if (!mayFollow(state, to)) {
      expect(end, `${state} to ${to}`).toThrow(code('conflict'));
      continue;
    }
    const { before, after } = end();
    expect(before).toEqual(row);
    expect(after).toMatchObject({ state: to, entries: row.entries + 1 });
    // A ticket whose story is over is nobody's to run.
    expect(after.claim_owner).toBe(isTerminal(to) ? null : 'ex1');
  }
});

describe('a ticket that ends', () => {
  it('tells in one entry who ended it and why, numbered after those before', () => {
    const row = rowOf({ entries: 4 });
    const { event, tells } = entryOf(withdrawn(row, caller, 'no need', at));
    expect(event).toMatchObject({
      type: 'ticket.withdrawn',
      actor: 'agent:claude',
      session: 's1',
      ticket: row.id,
      tool: 'ec2_stop_instances',
      environment: 'production',
      outcome: 'withdrawn',
      detail: { reason: 'no need', digest: row.digest, ticket_seq: 5 },
    });
    expect(tells).toEqual(['ended']);
  });

  it('expires by its hashed time, whatever the row says', () => {
    const row = rowOf();
    const earlier = { ...row, draft: row.draft.replace(iso(NOW + HOUR), iso(NOW - HOUR)) };
    expect(() => expired(earlier, 'ex1', at)).toThrow(code('conflict'));
    expect(expired(earlier, 'ex1', iso(NOW + HOUR)).after.state).toBe('expired');
  });

  it('expires by its row where the plan can not be believed: ending it is right', () => {
    const row = rowOf({ made: NOW - 2 * HOUR, digest: 'another' });
    expect(expired(row, 'ex1', at).after.state).toBe('expired');
  });

  it('is stopped by the executor that has it, and only once it is approved', () => {
    const row = claimed(rowOf({ state: 'approved' }));
    expect(entryOf(stopped(row, CLAIM, 'denied', refusal, at)).event.outcome).toBe('stale');
    expect(() => stopped(claimed(rowOf()), CLAIM, 'denied', refusal, at)).toThrow(code('conflict'));
    expect(() => stopped({ ...row, claim_epoch: 4 }, CLAIM, 'stale', refusal, at)).toThrow(code('conflict'));
  });

  it('is finished under the claim; what is unknown by anyone with proof', () => {
    const lost = { ...claimed(rowOf({ state: 'executing' })), claim_owner: 'ex2' };
    expect(() => finished(lost, CLAIM, 'succeeded', outcome, at)).toThrow(code('conflict'));
    expect(finished({ ...lost, state: 'unknown' }, CLAIM, 'succeeded', outcome, at).after.state).toBe('succeeded');
  });

  it('used up what planning made only where it succeeded', () => {
    const row = claimed(rowOf({ state: 'executing', made: NOW - MINUTE }));
    expect(finished(row, CLAIM, 'succeeded', outcome, at).usedUp).toBe(true);
    expect(finished(row, CLAIM, 'failed', outcome, at).usedUp).toBe(false);
    expect(finished(row, CLAIM, 'unknown', outcome, at).usedUp).toBe(false);
  });
});
