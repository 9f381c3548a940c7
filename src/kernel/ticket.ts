import { z } from 'zod';

/**
 * The whole machine. SQL checks, documentation and property tests derive from this table; nothing else says what may
 * follow what. `planning` is seen only while AWS takes longer to make what planning needs than a client waits.
 * `approved` also stands for tickets that policy allows without asking. `executing` means that the intent is durable:
 * from here on nothing is ever sent a second time. What takes several requests stays `executing` until the last one;
 * each has a durable intent of its own. `succeeded` and `failed` stand for AWS's own evidence alone; where there is
 * none, a person's signed word makes an `unknown` ticket `resolved`, and never one of those.
 */
export const TRANSITIONS = {
  planning: ['pending', 'approved', 'refused', 'withdrawn', 'expired'],
  pending: ['approved', 'denied', 'expired', 'withdrawn'],
  approved: ['executing', 'denied', 'expired', 'withdrawn', 'stale'],
  executing: ['succeeded', 'failed', 'unknown'],
  unknown: ['succeeded', 'failed', 'resolved'],
  succeeded: [],
  failed: [],
  resolved: [],
  refused: [],
  denied: [],
  expired: [],
  withdrawn: [],
  stale: [],
} as const satisfies Record<string, readonly string[]>;

export type TicketState = keyof typeof TRANSITIONS;

export const TICKET_STATES = Object.keys(TRANSITIONS) as readonly TicketState[];

export function mayFollow(from: TicketState, to: TicketState): boolean {
  return (TRANSITIONS[from] as readonly TicketState[]).includes(to);
}

/** Nothing follows: the ticket's story is over. (After `unknown`, AWS's records may still tell, or a person.) */
export function isTerminal(state: TicketState): boolean {
  return TRANSITIONS[state].length === 0;
}

/** `tkt_` and 20 characters of Crockford's base 32 (100 random bits). */
export const TicketId = z
  .string()
  .regex(/^tkt_[0-9a-hjkmnp-tv-z]{20}$/, 'a ticket id is tkt_ and 20 characters')
  .brand<'TicketId'>();

export type TicketId = z.infer<typeof TicketId>;

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/** @param random 20 random bytes; the low five bits of each are used */
export function ticketIdFrom(random: Uint8Array): TicketId {
  return TicketId.parse(`tkt_${base32(random)}`);
}

function base32(random: Uint8Array): string {
  return [...random.slice(0, 20)].map((byte) => CROCKFORD[byte & 31]).join('');
}

/** Of a session in which AWS is changed for this ticket: CloudTrail shows it beside each request. 30 characters. */
export function sessionNameOf(id: TicketId): string {
  return `holdshort-${id.slice(4)}`;
}

/**
 * The client token or request token of one request, which is also in the tag of what it makes: 30 ASCII characters (no
 * service of AWS takes fewer than 64). The attacker is an agent that knows its ticket's id and gives what it makes by
 * another way the mark of that ticket's request: what nobody can know before the request is sent, nobody can give.
 * @param random 20 random bytes; the low five bits of each are used
 */
export function requestTokenFrom(random: Uint8Array): string {
  return `holdshort-${base32(random)}`;
}

/**
 * What wants to happen to a ticket. Evidence (who approved, what policy says) is part of the command, so that `decide`
 * stays pure.
 */
export type Command =
  | { readonly kind: 'planned'; readonly verdict: 'allow' | 'hold' | 'refuse' }
  | { readonly kind: 'approve'; readonly permitted: boolean }
  | { readonly kind: 'deny' }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'expire' }
  | { readonly kind: 'mark_stale' }
  /** The first request, or with `next_step` a further one of a change that takes several. */
  | {
      readonly kind: 'begin' | 'next_step';
      readonly clearance: { readonly cleared: boolean };
      readonly halted: boolean;
    }
  | { readonly kind: 'finish'; readonly outcome: 'succeeded' | 'failed' | 'unknown' }
  /** By a person's signed word; whether it counts, `checkResolution` says. */
  | { readonly kind: 'resolve' };

export type Verdict =
  | { readonly next: TicketState }
  | { readonly refused: 'conflict' | 'expired' | 'halted' | 'not_cleared' | 'not_expired' };

/**
 * The next state of a ticket, or why the command is refused. An approval that isn't enough yet leaves the state as it
 * is.
 * @param ticket its present state and expiry (ISO 8601, from the hashed plan)
 * @param now ISO 8601
 */
export function decide(
  ticket: { readonly state: TicketState; readonly expires_at: string },
  command: Command,
  now: string,
): Verdict {
  const expired = Date.parse(now) >= Date.parse(ticket.expires_at);
  const to = (next: TicketState): Verdict => (mayFollow(ticket.state, next) ? { next } : { refused: 'conflict' });
  switch (command.kind) {
    case 'planned':
      return to(({ allow: 'approved', hold: 'pending', refuse: 'refused' } as const)[command.verdict]);
    case 'approve':
      if (ticket.state !== 'pending') return { refused: 'conflict' };
      if (expired) return { refused: 'expired' };
      return { next: command.permitted ? 'approved' : 'pending' };
    case 'begin':
    case 'next_step':
      if (ticket.state !== (command.kind === 'begin' ? 'approved' : 'executing')) return { refused: 'conflict' };
      if (expired) return { refused: 'expired' };
      if (command.halted) return { refused: 'halted' };
      return command.clearance.cleared ? { next: 'executing' } : { refused: 'not_cleared' };
    case 'expire':
      return expired ? to('expired') : { refused: 'not_expired' };
    case 'deny':
      return to('denied');
    case 'withdraw':
      return to('withdrawn');
    case 'mark_stale':
      return to('stale');
    case 'finish':
      return to(command.outcome);
    case 'resolve':
      return to('resolved');
    default:
      return command satisfies never;
  }
}
