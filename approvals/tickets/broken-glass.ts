import { judge } from '../../src/audit/believe.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { reviewProof } from '../../src/kernel/glass-review.ts';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import { isWeaker } from '../../src/kernel/requirement.ts';
import type { StatementOf } from '../../src/kernel/statement.ts';
import type { TicketId } from '../../src/kernel/ticket.ts';
import { type Desk, type Enrolled, readEnrolled } from '../desk.ts';
import type { KeyHolder } from '../keys/keys.ts';
import type { Assessment } from './assess.ts';
import { glassStory } from './glass-story.ts';

/** A ticket on which someone broke the glass, and at which nobody else has looked yet. */
export interface Unreviewed {
  readonly id: TicketId;
  readonly plan: PlanRecord;
  readonly broken: readonly StatementOf<'decision'>[];
}

export interface Shout {
  readonly items: readonly Unreviewed[];
  /** Whether the glass was broken on these can't be told: they are not what the log says they are. */
  readonly damaged: readonly TicketId[];
  /** There are, or may be, others. */
  readonly more: boolean;
  /** How this program was started, as in `Desk`. */
  readonly command: string | undefined;
}

/** Of each: an attacker who makes damaged tickets must push none out on which the glass was really broken. */
const MOST_SHOUTED = 10;
const MOST_READ = 500;

/**
 * What every listing says first. The attacker may have written to the database: only what an enrolled key signed about
 * the stored plan is said as true.
 */
export async function unreviewedGlass(desk: Pick<Desk, 'store' | 'keysDir' | 'makers' | 'command'>): Promise<Shout> {
  const { command } = desk;
  const ids = await desk.store.brokenGlass(MOST_READ + 1);
  if (ids.length === 0) return { items: [], damaged: [], more: false, command };
  const enrolled = await readEnrolled(desk);
  const items: Unreviewed[] = [];
  const damaged: TicketId[] = [];
  for (const id of ids.slice(0, MOST_READ)) {
    const found = await unreviewed(desk, id, enrolled);
    if (!found) continue;
    if (found === 'damaged') damaged.push(id);
    else items.push(found);
    if (items.length > MOST_SHOUTED) break;
  }
  const more = ids.length > MOST_READ || Math.max(items.length, damaged.length) > MOST_SHOUTED;
  return { items: items.slice(0, MOST_SHOUTED), damaged: damaged.slice(0, MOST_SHOUTED), more, command };
}

async function unreviewed(
  { store }: Pick<Desk, 'store'>,
  id: TicketId,
  enrolled: Enrolled,
): Promise<Unreviewed | 'damaged' | undefined> {
  try {
    const belief = judge(await store.ticket(id));
    if (belief.kind === 'altered') return 'damaged';
    const { ticket } = belief;
    if (!ticket.plan) return undefined;
    const { broken, reviewedBy } = glassStory(ticket, ticket.digest, enrolled);
    return broken.length > 0 && reviewedBy === undefined ? { id, plan: ticket.plan, broken } : undefined;
  } catch (error) {
    // An altered ticket must not hide the others, and altering it must not hide what was done on it.
    if (error instanceof HoldshortError && error.code === 'tampered') return 'damaged';
    throw error;
  }
}

/**
 * Says what would keep someone's review of a broken glass from counting.
 * @throws wrong_digest, wrong_state, not_enrolled, assurance_too_low
 * @throws policy_forbids for the one who broke it
 */
export function checkMayReview({ plan, digest, glass, enrolled }: Assessment, by: KeyHolder, shown: string): void {
  if (shown !== digest)
    throw new HoldshortError(
      'wrong_digest',
      `the digest ${shown} is not that of ${plan.ticket}`,
      `look at what is stored now: holdshort tickets show ${plan.ticket}`,
    );
  if (glass.broken.length === 0)
    throw new HoldshortError('wrong_state', `nobody broke the glass on ${plan.ticket}`, 'there is nothing to review');
  const key = enrolled.registry.keys.get(by.id);
  if (!key || key.revokedAt || key.name !== by.name || key.maxAssurance === 'client')
    throw new HoldshortError(
      'not_enrolled',
      `${by.name}'s key is ${key?.revokedAt ? 'revoked' : 'not enrolled for this'}`,
      'see `holdshort approvers list`',
    );
  const needed = reviewProof(glass.broken);
  if (isWeaker(key.maxAssurance, needed))
    throw new HoldshortError(
      'assurance_too_low',
      `the glass was broken with ${needed}, and this key proves only ${key.maxAssurance}`,
      needed === 'key' ? 'sign with a key file' : 'review it with a passkey, on the page of the ticket: holdshort web',
    );
  if (glass.broken.some((one) => one.by === by.name))
    throw new HoldshortError(
      'policy_forbids',
      `${by.name} broke the glass on ${plan.ticket}, and can't be the second person who looks at it`,
      `somebody else does: holdshort tickets review ${plan.ticket}`,
    );
}

export function reviewEvent({ plan, digest }: Assessment, by: KeyHolder, reason: string | undefined) {
  return {
    type: 'decision.reviewed',
    actor: `approver:${by.name}`,
    ticket: plan.ticket,
    tool: plan.tool,
    environment: plan.environment,
    detail: { digest, reason },
  } as const;
}
