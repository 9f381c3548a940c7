import { expect } from 'vitest';
import { actionText, effectCounts, nameText } from '../../approvals/render/words.ts';
import { sha256 } from '../../src/kernel/digest.ts';
import { readPlan } from '../../src/kernel/plan.ts';
import { boundedText } from '../../src/kernel/safe-text.ts';
import type { StoredTicket } from '../../src/store/port.ts';

/** No raw byte that a terminal, a browser or a person could take for something else. */
export const PRINTABLE = /^[\x20-\x7e\n]*$/;

/** Our own colours, also as a terminal gives them back: nothing else may be behind an escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours
const COLOURS = /\u001b\[(0|1|2|22|31|33|39|49|;)*m/g;
export const withoutColours = (text: string): string => text.replace(COLOURS, '');

/** What decides, as it must be on the first screen whatever the names and numbers are. */
export function decisiveFacts({ plan: sealed, id }: StoredTicket): readonly string[] {
  if (!sealed) throw new Error(`${id} has no plan`);
  const plan = readPlan(sealed, id);
  const [target] = plan.targets;
  return [
    plan.environment.toUpperCase(),
    actionText(plan),
    boundedText(plan.account, 12, sha256),
    boundedText(plan.region, 16, sha256),
    ...effectCounts(plan.impact).map(([effect, count]) => `${effect} ${count.toLocaleString('en-US')}`),
    ...(target ? [nameText(target.name, 128), boundedText(target.id, 225, sha256)] : []),
    sealed.digest,
  ];
}

/**
 * The decisive facts are within the first `screen` lines of `width` columns. A value that wraps is put together again.
 */
export function expectFacts(text: string, ticket: StoredTicket, { screen = 24, width = 80, note = '' } = {}): void {
  const lines = text.split('\n');
  for (const line of lines.slice(0, screen)) expect(line.length, `${note}: ${line}`).toBeLessThanOrEqual(width);
  const first = squeezed(lines.slice(0, screen).join('\n'));
  for (const fact of decisiveFacts(ticket)) expect(first, note).toContain(squeezed(fact));
}

/** Wrapping breaks lines and indents them; it takes nothing away. */
export function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}

/** Whatever is longer than its place says by how much, with the hash of the whole. */
export const CUT = /\[\d+ more characters; sha256 [0-9a-f]{16}\]/;
