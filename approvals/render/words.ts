import type { Believed } from '../../src/audit/believe.ts';
import type { Deletion } from '../../src/kernel/circumstances.ts';
import { sha256 } from '../../src/kernel/digest.ts';
import { effectCounts, number } from '../../src/kernel/effect-counts.ts';
import { EFFECTS, type Effect, isDestructive } from '../../src/kernel/effects.ts';
import type { Impact, PlanRecord } from '../../src/kernel/plan.ts';
import { boundedText, quotedName, quotedText, safeText } from '../../src/kernel/safe-text.ts';
import type { Target } from '../../src/kernel/target.ts';
import { actionOf } from '../../src/kernel/tool-name.ts';

export { effectCounts, number };

/**
 * Of what is said of one resource, in characters: the longest name that AWS gives leaves room for what weighs most,
 * which is said first; twenty of them still are a few screens.
 */
export const DETAIL = 480;

/** Text from outside, safe and of at most `limit` characters plus what it says about the rest. */
export function outside(text: string, limit: number): string {
  return boundedText(text, limit, sha256);
}

/** What an account is called beside its number, where the configuration lists accounts. */
export function calledText({ account_name }: Pick<PlanRecord, 'account_name'>): string {
  return account_name === undefined ? '' : ` (${outside(account_name, 32)})`;
}

export function quoted(text: string, limit: number): string {
  return quotedText(text, limit, sha256);
}

/**
 * What AWS shows of a property: a JSON object or list as it is written, for it ends where it closes, and people have to
 * read policies; anything else in quotation marks. The attacker puts text into one that reads like its end and another
 * value's beginning: with a backslash, an arrow, a wide gap or our own words it is quoted, its quotation marks written
 * out.
 */
export function valueText(text: string, limit: number): string {
  return isPlainJson(text) ? outside(text, limit) : quoted(text, limit);
}

function isPlainJson(text: string): boolean {
  if (!/^[{[][\x20-\x7e]*$/.test(text) || /\\|`|->| {2}|more characters/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function nameText(name: string, limit: number): string {
  return quotedName(name, limit, sha256);
}

/** The IAM action that the stored tool name stands for. */
export function actionText(plan: PlanRecord): string {
  return outside(actionOf(plan.tool), 64);
}

/** Worst first, in the order of the plan. */
export function worstFirst(impact: readonly Impact[]): readonly Impact[] {
  return impact
    .map((line, at) => ({ line, at }))
    .sort((a, b) => EFFECTS.indexOf(b.line.effect) - EFFECTS.indexOf(a.line.effect) || a.at - b.at)
    .map(({ line }) => line);
}

const VERBS: Record<Effect, string> = {
  unknown: 'do something unknown to',
  delete: 'DELETE',
  replace: 'REPLACE',
  weaken: 'remove protection from',
  expose: 'open access to',
  disrupt: 'interrupt',
  unjudged: 'make changes that nobody has judged yet to',
  modify: 'modify',
  create: 'create',
  read: 'read',
};

/** What would happen, in one sentence: the destructive effects with their counts, or that there are none. */
export function impactSentence({ impact }: PlanRecord): string {
  if (impact.length === 0) return 'would do something that could not be worked out';
  const counts = effectCounts(impact);
  const harmful = counts.filter(([effect]) => isDestructive(effect));
  const parts = (harmful.length > 0 ? harmful : counts).map(
    ([effect, count], at) => `${VERBS[effect]} ${number(count)}${at === 0 ? resources(count) : ''}`,
  );
  const lost = impact.filter(({ effect, recoverable }) => !recoverable && isDestructive(effect)).length;
  return `would ${parts.join(', ')}${lost > 0 ? `; ${number(lost)} can't be put back as ${lost === 1 ? 'it was' : 'they were'}` : ''}`;
}

function resources(count: number): string {
  return count === 1 ? ' resource' : ' resources';
}

/** `3 h 42 min`, of a length in milliseconds; never negative. */
export function durationText(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return `${Math.floor(Math.max(0, ms) / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
  return `${Math.floor(hours / 24)} days`;
}

/** `3h42m`. */
export function shortDurationText(ms: number): string {
  return durationText(ms).replaceAll(' ', '').replace('min', 'm').replace('days', 'd');
}

/** `2026-11-22 15:04 UTC`, of ISO 8601. */
export function timeText(iso: string): string {
  return `${safeText(iso.slice(0, 16)).replace('T', ' ')} UTC`;
}

/** When it ended; where nobody knows whether it did, when it was begun. Empty of what goes on. */
export function whenText(ticket: Pick<Believed, 'state' | 'finished_at' | 'intent'>): string {
  const begun = begunAtText(ticket);
  return ticket.finished_at ? ` ${timeText(ticket.finished_at)}` : begun === undefined ? '' : `, ${begun}`;
}

/** Right before it was sent, of what nobody knows whether it happened. */
export function begunAtText({ state, intent }: Pick<Believed, 'state' | 'intent'>): string | undefined {
  return state === 'unknown' && intent ? `begun ${timeText(intent.intended_at)}` : undefined;
}

/** `tkt_… deleted it, 2026-11-24 07:10 UTC`: one line of the first screen. The impact says whose ticket it is. */
export function recreationText({ state, at, ticket }: Deletion): string {
  return `${ticket} ${DELETED[state]}, ${timeText(at)}`;
}

const DELETED: Record<Deletion['state'], string> = {
  pending: 'is to delete it',
  approved: 'is to delete it',
  executing: 'is deleting it',
  unknown: 'may have deleted it',
  succeeded: 'deleted it',
  resolved: "may have deleted it, by a person's word",
};

/** What a person types to deny, which only ever stops something. Clients that accept by themselves don't. */
export const DENIAL = 'y';

export function isDenial(typed: string | undefined): boolean {
  return typed?.trim().toLowerCase() === DENIAL;
}

/** What a person types to let something run: the target's name as it is shown, and how to say that in a question. */
export function confirmationOf(plan: PlanRecord, digest: string): { readonly text: string; readonly what: string } {
  const [target] = plan.targets;
  const name = target && confirmable(target);
  if (!name) return { text: digest.slice(0, 12), what: "the first 12 characters of the plan's digest" };
  const more = plan.targets.length - 1;
  return {
    text: name,
    what: more > 0 ? `the name of the first of its ${number(more + 1)} targets` : "the target's name",
  };
}

/** A name that a person can see whole and type; anything else (very long, odd characters) is confirmed by digest. */
function confirmable({ name }: Target): string | undefined {
  return /^[\x21-\x5b\x5d-\x7e]{1,128}$/.test(name) ? name : undefined;
}
