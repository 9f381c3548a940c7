import type { Believed } from '../../src/audit/believe.ts';
import type { Registry } from '../../src/kernel/approvers.ts';
import { mayArriveUntil } from '../../src/kernel/arrival.ts';
import { checkResolution, evidenceOf } from '../../src/kernel/resolution.ts';
import { appended, type Signed } from '../../src/kernel/statement.ts';

/** What a person's word on this ticket's outcome is weighed against. */
function aboutOf({ id, digest, opened, plan, result, intent }: Believed, registry: Registry) {
  const arrives_until = mayArriveUntil(intent);
  return { ticket: id, digest, opened, registry, plan, seen: evidenceOf(result), arrives_until };
}

/** Why a word that isn't recorded yet would count for nothing. */
export function whyNotCounted(ticket: Believed, signed: Signed, registry: Registry): string | undefined {
  const heard = checkResolution(appended(signed), aboutOf(ticket, registry));
  return 'why' in heard ? heard.why.replaceAll('_', ' ') : undefined;
}

/**
 * Why a ticket isn't what its row and log say became of it. The attacker writes to the database that a person settled
 * it, who signed nothing or may not say it: then nothing of it is shown as true.
 */
export function whyUnheard(ticket: Believed, registry: Registry): string | undefined {
  if (ticket.state !== 'resolved' || !ticket.resolution) return undefined;
  const heard = checkResolution(ticket.resolution, aboutOf(ticket, registry));
  return 'why' in heard
    ? `the word that resolved it counts for nothing (${heard.why.replaceAll('_', ' ')})`
    : undefined;
}
