import { countDecisions } from '../src/kernel/decisions.ts';
import { HoldshortError } from '../src/kernel/errors.ts';
import { brokenGlass, reviewerOf } from '../src/kernel/glass-review.ts';
import type { PlanRecord } from '../src/kernel/plan.ts';
import type { StatementOf } from '../src/kernel/statement.ts';
import type { TicketId } from '../src/kernel/ticket.ts';
import type { StoredTicket } from '../src/store/port.ts';
import { type Desk, type Enrolled, readEnrolled } from './desk.ts';
import type { KeyHolder } from './record-statement.ts';
import { openTicket, type Review } from './review.ts';

/** How the glass was broken on a ticket, verified; `reviewedBy` is who else has looked at it since. */
export interface GlassStory {
  readonly broken: readonly StatementOf<'decision'>[];
  readonly reviewedBy: string | undefined;
}

export function glassStory(
  ticket: Pick<StoredTicket, 'id' | 'decisions'>,
  digest: string,
  { registry, statements }: Pick<Enrolled, 'registry' | 'statements'>,
  denials: readonly StatementOf<'decision'>[],
): GlassStory {
  const about = { ticket: ticket.id, digest, registry };
  const broken = brokenGlass(ticket.decisions, about);
  return { broken, reviewedBy: broken.length > 0 ? reviewerOf(broken, denials, statements, about) : undefined };
}

/** A ticket on which somebody broke the glass, and at which nobody else has looked yet. */
export interface Unreviewed {
  readonly id: TicketId;
  readonly plan: PlanRecord;
  readonly broken: readonly StatementOf<'decision'>[];
}

export interface Shout {
  readonly items: readonly Unreviewed[];
  /** There are, or may be, others. */
  readonly more: boolean;
}

const MOST_SHOUTED = 10;
const MOST_READ = 500;

/**
 * What every listing says first. The attacker may have written to the database: only what an enrolled key signed about the stored plan
 * is said, and what the log doesn't vouch for isn't.
 */
export async function unreviewedGlass(desk: Pick<Desk, 'store' | 'keysDir' | 'now'>): Promise<Shout> {
  const ids = await desk.store.brokenGlass(MOST_READ);
  if (ids.length === 0) return { items: [], more: false };
  const enrolled = await readEnrolled(desk);
  const items: Unreviewed[] = [];
  for (const id of ids) {
    const found = await unreviewed(desk, id, enrolled);
    if (!found) continue;
    if (items.length === MOST_SHOUTED) return { items, more: true };
    items.push(found);
  }
  return { items, more: ids.length === MOST_READ };
}

async function unreviewed(
  { store, now }: Pick<Desk, 'store' | 'now'>,
  id: TicketId,
  enrolled: Enrolled,
): Promise<Unreviewed | undefined> {
  try {
    const ticket = await store.ticket(id);
    const plan = openTicket(ticket);
    const digest = ticket.plan?.digest ?? '';
    const about = { ticket: id, digest, registry: enrolled.registry, now: now().toISOString() };
    const { broken, reviewedBy } = glassStory(
      ticket,
      digest,
      enrolled,
      countDecisions(ticket.decisions, about).denials,
    );
    return broken.length > 0 && reviewedBy === undefined ? { id, plan, broken } : undefined;
  } catch (error) {
    // A damaged ticket is listed as such, and must not hide the others.
    if (error instanceof HoldshortError && error.code !== 'store_unavailable') return undefined;
    throw error;
  }
}

/**
 * Says what would keep somebody's review of a broken glass from counting.
 * Errors: `wrong_digest`, `wrong_state`, `not_enrolled`, `policy_forbids` for whoever broke it.
 */
export function checkMayReview({ plan, digest, glass, enrolled }: Review, by: KeyHolder, shown: string): void {
  if (shown !== digest)
    throw new HoldshortError(
      'wrong_digest',
      `the digest ${shown} is not that of ${plan.ticket}`,
      `look at what is stored now: holdshort tickets show ${plan.ticket}`,
    );
  if (glass.broken.length === 0)
    throw new HoldshortError('wrong_state', `nobody broke the glass on ${plan.ticket}`, 'there is nothing to review');
  const key = enrolled.registry.get(by.id);
  if (!key || key.revokedAt || key.name !== by.name || key.maxAssurance === 'client')
    throw new HoldshortError(
      'not_enrolled',
      `${by.name}'s key is ${key?.revokedAt ? 'revoked' : 'not enrolled for this'}`,
      'see `holdshort approvers list`',
    );
  if (glass.broken.some((one) => one.by === by.name))
    throw new HoldshortError(
      'policy_forbids',
      `${by.name} broke the glass on ${plan.ticket}, and can't be the second person who looks at it`,
      `somebody else does: holdshort tickets review ${plan.ticket}`,
    );
}

export function reviewEvent({ plan, digest }: Review, by: KeyHolder, reason: string | undefined) {
  return {
    type: 'decision.reviewed',
    actor: `approver:${by.name}`,
    ticket: plan.ticket,
    tool: plan.tool,
    environment: plan.environment,
    detail: { digest, reason },
  } as const;
}
