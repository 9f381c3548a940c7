import { z } from 'zod';
import type { Believed } from '../../src/audit/believe.ts';
import { mayArriveUntil } from '../../src/kernel/arrival.ts';
import { progressText } from '../../src/kernel/progress.ts';
import { resolutionIn, resolutionText } from '../../src/kernel/resolution.ts';
import { waitingText } from '../../src/kernel/waiting.ts';
import { hanging } from '../../src/present/wrap.ts';
import { nameText, number, outside, timeText } from './words.ts';

/** What an executor writes down, as it comes back from the store. */
const Outcome = z.object({
  detail: z.string(),
  resources: z.array(z.object({ resource: z.string(), outcome: z.string(), detail: z.string() })),
});

const DETAIL = 500;
const NAME = 160;
const REASON = 2100;
const MOST = 100;

/** What became of a ticket, and below it of each resource; empty while nothing has. Begins with an empty line. */
export function outcomeText(ticket: Believed, width: number): string {
  const [whole, ...resources] = outcomeLines(ticket);
  if (whole === undefined) return '';
  // AWS's words can't reach the edge, where they would go on as a line of ours.
  return ['', '', ...hanging(whole, width), ...resources.flatMap((line) => hanging(`  ${line}`, width))].join('\n');
}

/** The same, a finding each: the whole first. */
export function outcomeLines({
  state,
  result,
  refusal,
  finished_at,
  waiting,
  progress,
  resolution,
  intent,
}: Believed): readonly string[] {
  const ran = Outcome.safeParse(result);
  const all = ran.success ? ran.data.resources : [];
  const detail = outside(ran.success ? ran.data.detail : (refusal?.message ?? ''), DETAIL);
  const lines = all
    .slice(0, MOST)
    .map(
      (one) => `${outside(one.outcome, 9).padEnd(9)} ${nameText(one.resource, NAME)}  ${outside(one.detail, DETAIL)}`,
    );
  const more = all.length > MOST ? [`${number(all.length - MOST)} more: see them with --json`] : [];
  const said = (what: string) => [
    `${what}${finished_at ? `, ${timeText(finished_at)}` : ''}: ${detail}`,
    ...lines,
    ...more,
  ];
  switch (state) {
    case 'succeeded':
      return said('Done');
    case 'failed':
      return said('It failed');
    case 'unknown':
      return [
        ...said('It can not be told whether this happened; it is never sent again. Look at AWS'),
        arrivalLine(mayArriveUntil(intent)),
      ];
    case 'resolved': {
      const word = resolutionIn(resolution);
      const when = finished_at ? ` (${timeText(finished_at)})` : '';
      return [
        `Resolved${when}: ${outside(word ? resolutionText(word) : '', REASON)}`,
        `What was known then: ${detail}`,
        ...lines,
        ...more,
      ];
    }
    default:
      if (waiting) {
        const how = state === 'executing' ? 'Under way, not done yet' : 'Approved, not run yet';
        return [`${how}. It waits: ${outside(waitingText(waiting), DETAIL)}`];
      }
      if (progress && state === 'executing') return [`Under way, not done yet. ${progressText(progress)}`];
      return refusal ? [`It did not run: ${outside(refusal.message, DETAIL)}`] : [];
  }
}

/** From when on a person's word that it didn't happen counts. */
function arrivalLine(until: string | undefined): string {
  return until === undefined
    ? 'Nobody can tell until when AWS may still take its request'
    : `AWS may still take its request until ${timeText(until)}: that it did not happen can be said from then on`;
}
