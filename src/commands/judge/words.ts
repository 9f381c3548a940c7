import type { Json } from '../../kernel/digest.ts';
import { countsText } from '../../kernel/effect-counts.ts';
import type { Effect } from '../../kernel/effects.ts';
import { safeText } from '../../kernel/safe-text.ts';
import { requirementText } from '../../policy/requirement-text.ts';
import { hanging } from '../../present/wrap.ts';
import type { Judged, Verdict } from './judging.ts';

const NAME_COLUMN = 14;

/** `held: 1 approval`, as an agent's call would be answered. */
function verdictText({ decision, requirement }: Pick<Verdict, 'decision' | 'requirement'>): string {
  return `${decision === 'hold' ? 'held: ' : ''}${requirementText(requirement)}`;
}

/** A line for each environment. */
export function verdictLines(
  verdicts: readonly Verdict[],
  effects: readonly Effect[],
  width: number,
): readonly string[] {
  return verdicts.flatMap((verdict) => {
    const { environment, counts_as, held_for, refusal } = verdict;
    const some = held_for.length > 0 && held_for.length < effects.length ? `; for ${held_for.join(', ')}` : '';
    const as = counts_as === environment ? '' : `; as in ${counts_as}, because of what it acts on`;
    const why = refusal ? ` (${safeText(refusal.message)})` : '';
    return hanging(`  ${environment.padEnd(NAME_COLUMN)}${verdictText(verdict)}${some}${as}${why}`, width);
  });
}

/** `replace 1, modify 2`, or that nothing changes. */
export function effectsText(judged: Extract<Judged, { outcome: 'judged' | 'same' }>): string {
  return judged.outcome === 'same' ? 'nothing changes' : countsText(judged.impact);
}

/** What programs get of a pair. */
export function judgedData(judged: Judged): { readonly [key: string]: Json | undefined } {
  switch (judged.outcome) {
    case 'same':
      return { outcome: 'same' };
    case 'not_judged':
      return { outcome: 'not_judged', why: judged.why };
    case 'judged':
      return {
        outcome: 'judged',
        effects: [...judged.effects],
        impact: judged.impact.map((line) => ({ ...line })),
        verdicts: judged.verdicts.map(({ requirement, refusal, held_for, ...verdict }) => ({
          ...verdict,
          held_for: [...held_for],
          requirement: requirement ?? null,
          ...(refusal ? { refusal: { ...refusal } } : {}),
        })),
        parameters_stood_in: { ...judged.stood_in },
        defaults_changed: [...judged.defaults_changed],
      };
  }
}
