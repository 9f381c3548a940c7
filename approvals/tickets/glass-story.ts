import type { Believed } from '../../src/audit/believe.ts';
import { brokenGlass, reviewerOf } from '../../src/kernel/glass-review.ts';
import type { StatementOf } from '../../src/kernel/statement.ts';
import type { Enrolled } from '../desk.ts';

/** How the glass was broken on a ticket, verified; `reviewedBy` is who else has looked at it since. */
export interface GlassStory {
  readonly broken: readonly StatementOf<'decision'>[];
  readonly reviewedBy: string | undefined;
}

export function glassStory(
  ticket: Pick<Believed, 'id' | 'decisions'>,
  digest: string,
  { registry, statements }: Pick<Enrolled, 'registry' | 'statements'>,
): GlassStory {
  const about = { ticket: ticket.id, digest, registry };
  const broken = brokenGlass(ticket.decisions, about);
  const reviewedBy = broken.length > 0 ? reviewerOf(broken, ticket.decisions, statements, about) : undefined;
  return { broken, reviewedBy };
}
