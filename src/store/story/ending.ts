import type { Json } from '../../kernel/digest.ts';
import type { Asker } from '../../kernel/draft.ts';
import { HoldshortError, type Refusal } from '../../kernel/errors.ts';
import type { Claim } from '../port.ts';
import { requireClaim } from './claim.ts';
import { expiryOf, type Row, readDraft } from './row.ts';
import { moved, nextState, type Told } from './step.ts';

/** Who asks, in one of its sessions. */
export interface Caller extends Asker {
  readonly session: string;
}

/** `planning`, `pending` or `approved` → `withdrawn`, by the agent that asked. */
export function withdrawn(row: Row, { agent, session }: Caller, reason: string, at: string): Told {
  const refusal: Refusal = {
    code: 'withdrawn',
    message: 'the agent withdrew it',
    recovery: 'ask again if the change is still wanted',
  };
  const to = nextState(row, { kind: 'withdraw' }, at);
  return moved(row, to, { actor: `agent:${agent}`, session, refusal, detail: { reason } });
}

/** `planning` → `refused`. */
export function planningRefused(row: Row, { agent, session }: Caller, refusal: Refusal, at: string): Told {
  const to = nextState(row, { kind: 'planned', verdict: 'refuse' }, at);
  return moved(row, to, { actor: `agent:${agent}`, session, refusal });
}

/** `planning`, `pending` or `approved` → `expired`, when its time is over. */
export function expired(row: Row, executor: string, at: string): Told {
  const to = nextState(row, { kind: 'expire' }, at, believableExpiry(row));
  const refusal: Refusal = { code: 'expired', message: 'its time was over', recovery: 'let the agent ask again' };
  return moved(row, to, { actor: `executor:${executor}`, refusal });
}

/** `approved` → `stale` or `denied`: the recheck failed. A pending ticket may be denied too, but not by an executor. */
export function stopped(row: Row, claim: Claim, to: 'stale' | 'denied', refusal: Refusal, at: string): Told {
  const { state } = requireClaim(row, claim);
  const kind = state === 'approved' && to === 'denied' ? 'deny' : 'mark_stale';
  return moved(row, nextState(row, { kind }, at), { actor: `executor:${claim.owner}`, refusal });
}

/**
 * `executing` → outcome under the claim; `unknown` → outcome by anyone with proof, the sender who comes late included.
 */
export function finished(
  row: Row,
  claim: Claim,
  outcome: 'succeeded' | 'failed' | 'unknown',
  { result, refusal }: { readonly result: Json; readonly refusal: Refusal | undefined },
  at: string,
): Told {
  const to = nextState(row.state === 'unknown' ? row : requireClaim(row, claim), { kind: 'finish', outcome }, at);
  const told = moved(row, to, { actor: `executor:${claim.owner}`, refusal, detail: { result } });
  return { ...told, usedUp: to === 'succeeded' };
}

/** Where the plan can't be believed, ending the ticket is right whatever the row says about its time. */
function believableExpiry(row: Row): string {
  try {
    return expiryOf(row) ?? readDraft(row).expires_at;
  } catch (error) {
    if (error instanceof HoldshortError && error.code === 'tampered') return readDraft(row).expires_at;
    throw error;
  }
}
