import { z } from 'zod';
import { sha256 } from '../../src/kernel/digest.ts';
import { boundedText } from '../../src/kernel/safe-text.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { timeText } from './words.ts';

/** What an executor writes down, as it comes back from the store. */
const Outcome = z.object({
  detail: z.string(),
  resources: z.array(z.object({ resource: z.string(), outcome: z.string(), detail: z.string() })),
});

const LINE = 500;

/** What became of a ticket, per resource where it ran; empty while nothing has. Begins with an empty line. */
export function outcomeText({ state, result, refusal, finished_at }: StoredTicket): string {
  const ran = Outcome.safeParse(result);
  const resources = ran.success ? ran.data.resources : [];
  const detail = ran.success ? ran.data.detail : (refusal?.message ?? '');
  const lines = resources.map((one) => `  ${one.outcome.padEnd(9)} ${one.resource}  ${one.detail}`);
  const said = (what: string) => [`${what}${finished_at ? `, ${timeText(finished_at)}` : ''}: ${detail}`, ...lines];
  const text = ((): readonly string[] => {
    switch (state) {
      case 'succeeded':
        return said('Done');
      case 'failed':
        return said('It failed');
      case 'unknown':
        return said('It can not be told whether this happened; it is never sent again. Look at AWS');
      default:
        return refusal ? [`It did not run: ${refusal.message}`] : [];
    }
  })();
  return text.length === 0 ? '' : `\n\n${text.map((line) => boundedText(line, LINE, sha256)).join('\n')}`;
}
