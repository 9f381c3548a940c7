import type { PlanRecord } from '../../src/kernel/plan.ts';
import { type Finding, type Rehearsal, type Rehearsed, rehearsalFacts } from '../../src/kernel/rehearsal.ts';
import { nameText, number, outside, timeText } from './words.ts';

/** What no rehearsal shows, however it went: said with each. */
const NOT_SHOWN =
  'The model has no data, traffic, permissions, quotas or timing, and does not check what AWS checks: how it went there says nothing of how it goes in AWS.';

const MOST = 10;

type Known = { readonly plan: Pick<PlanRecord, 'rehearsal'>; readonly rehearsed?: Rehearsed | undefined };

export interface RehearsalText {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** What came of a plan's rehearsals: of the one that the agent asked for, and of a person's (`shownOf`); all safe. */
export function rehearsalTexts({ plan, rehearsed }: Known): readonly RehearsalText[] {
  return [
    ...(plan.rehearsal
      ? [{ heading: 'rehearsal by our model, which is not AWS', lines: linesOf(plan.rehearsal) }]
      : []),
    ...(rehearsed ? [{ heading: headingOf(rehearsed), lines: linesOf(rehearsed.rehearsal) }] : []),
  ];
}

/** A person's, as one text. */
export function rehearsalLines(rehearsed: Rehearsed): readonly string[] {
  return [headingOf(rehearsed), ...linesOf(rehearsed.rehearsal).map((line) => `  ${line}`)];
}

function headingOf({ at, claimed }: Rehearsed): string {
  return `rehearsal by our model, which is not AWS, for ${nameText(claimed, 40)} (not checked) at ${timeText(at)}`;
}

function linesOf(rehearsal: Rehearsal): readonly string[] {
  if (!rehearsal.carried_through) return [`It could not be rehearsed: ${outside(rehearsal.why, 300)}`];
  const { change, way_back, failed, not_back, model_lacks, left_out = {} } = rehearsal;
  return [
    endText('The change', change),
    way_back ? endText('Its way back', way_back) : 'Nothing is kept of it, so that no way back was tried.',
    ...listed('Failed', failed.map(findingText), left_out.failed),
    ...listed('Not back', not_back.map(findingText), left_out.not_back),
    ...listed(
      'The model lacks',
      model_lacks.map((one) => outside(one, 160)),
      left_out.model_lacks,
    ),
    NOT_SHOWN,
  ];
}

function endText(what: string, { ended, detail }: { readonly ended: string; readonly detail: string }): string {
  const how = ended === 'to_its_end' ? 'went to its end there' : ended === 'failed' ? 'FAILED there' : 'was not tried';
  return `${what} ${how}: ${outside(detail, 120)}`;
}

function findingText({ resource, type, what }: Finding): string {
  return `${outside(type, 60)} ${outside(resource, 80)}: ${outside(what, 200)}`;
}

function listed(label: string, all: readonly string[], beyond = 0): readonly string[] {
  const left = all.length - Math.min(all.length, MOST) + beyond;
  return [
    ...all.slice(0, MOST).map((text) => `${label}: ${text}`),
    ...(left > 0 ? [`${label}: ${number(left)} more, see them with --json`] : []),
  ];
}

/**
 * What rehearsals add to how much could be brought back, in few words; undefined where none was carried through, or one
 * that was asked for since could not be. The worse one counts, as only the plan's is signed over; never more than that
 * it was rehearsed.
 */
export function rehearsedWord({ plan, rehearsed }: Known): string | undefined {
  const played = [rehearsalFacts(plan.rehearsal), rehearsalFacts(rehearsed?.rehearsal)];
  if (played.some(({ failed }) => failed)) return 'FAILED in our model';
  if (rehearsed && !rehearsed.rehearsal.carried_through) return undefined;
  return played.some((one) => one.rehearsed) ? 'rehearsed by our model' : undefined;
}
