import type { StatementOf } from '../../src/kernel/statement.ts';
import { hanging } from '../../src/present/wrap.ts';
import { typedHere } from '../desk.ts';
import type { Assessment } from '../tickets/assess.ts';
import type { Shout, Unreviewed } from '../tickets/broken-glass.ts';
import { type Paint, PLAIN, usableWidth } from './layout.ts';
import { impactSentence, quoted, timeText } from './words.ts';

/** The first lines of every listing, until someone else has looked. */
export function shoutLines(shout: Shout, view: { width: number; paint?: Paint | undefined }): readonly string[] {
  const { items, damaged, more } = shout;
  const { danger } = view.paint ?? PLAIN;
  const texts = [
    ...items.map((item) => shoutText(item, shout)),
    ...damaged.map((id) => damagedText(id, shout)),
    ...(more ? ['GLASS BROKEN on more tickets; they are said once these are reviewed.'] : []),
  ];
  const lines = texts.flatMap((text) => hanging(text, usableWidth(view.width)).map(danger));
  return lines.length > 0 ? [...lines, ''] : [];
}

export function shoutText({ id, plan, broken }: Unreviewed, here: Pick<Shout, 'command'>): string {
  return `GLASS BROKEN on ${id} (${plan.environment}, ${impactSentence(plan)}) ${broken.map(brokenText).join('; and ')}. Not reviewed by a second person: ${typedHere(here, `holdshort tickets review ${id}`)}`;
}

export function damagedText(id: string, here: Pick<Shout, 'command'>): string {
  return `GLASS may be BROKEN on ${id}, which is not what the log says it is: ${typedHere(here, 'holdshort audit verify')}`;
}

/** The same for one ticket, reviewed or not. */
export function glassText(assessment: Pick<Assessment, 'ticket' | 'glass' | 'command'>): string | undefined {
  const { ticket } = assessment;
  const { broken, reviewedBy } = assessment.glass;
  if (broken.length === 0) return undefined;
  const seen =
    reviewedBy === undefined
      ? `not reviewed: ${typedHere(assessment, `holdshort tickets review ${ticket.id}`)}`
      : `reviewed by ${reviewedBy}`;
  return `${broken.map(brokenText).join('; and ')}; ${seen}`;
}

function brokenText({ by, signed_at, reason }: StatementOf<'decision'>): string {
  return `by ${by}, ${timeText(signed_at)}: ${quoted(reason ?? '', 160)}`;
}

/** For programs and chat models: our own words and numbers. Why it was broken is in the text. */
export function shoutData({ items, damaged, more }: Shout) {
  return {
    glass_broken: items.map(({ id, plan, broken }) => ({
      ticket_id: id,
      environment: plan.environment,
      effects: plan.effects,
      broken: broken.map(({ by, signed_at, assurance }) => ({ by, at: signed_at, assurance })),
    })),
    glass_damaged: damaged,
    glass_truncated: more,
  };
}
