import { HIDDEN } from './masks.ts';

/** What is a credential whatever it is called; the first group is what goes. */
const FORMS = [
  /\bA[KS]IA([A-Z0-9]{12,})\b/dg,
  /(-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$))/dg,
  /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,100}:([^\s/@]+)@/dgi,
];

/** A part of a text, in UTF-16 units. */
export type Span = readonly [start: number, end: number];

/** Access key ids, PEM blocks and passwords in URLs within a text, in order and apart from each other. */
export function credentialsIn(text: string): readonly Span[] {
  return apart(FORMS.flatMap((form) => [...text.matchAll(form)].flatMap(({ indices }) => spanOf(indices?.[1]))));
}

function spanOf(found: Span | undefined): readonly Span[] {
  return found ? [found] : [];
}

/** In order; what begins within another goes with it. */
export function apart(spans: readonly Span[]): readonly Span[] {
  const found: Span[] = [];
  for (const span of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && span[0] < last[1]) found[found.length - 1] = [last[0], Math.max(last[1], span[1])];
    else found.push(span);
  }
  return found;
}

/** The text with something else in place of some parts of it. */
export function replacedIn(text: string, spans: readonly Span[], by: (part: string, at: number) => string): string {
  let result = '';
  let from = 0;
  for (const [at, [start, end]] of spans.entries()) {
    result += text.slice(from, start) + by(text.slice(start, end), at);
    from = end;
  }
  return result + text.slice(from);
}

/** Hides credentials. AWS returns all of these in clear from outputs, tags and status reasons when somebody put them there. */
export function hideCredentials(text: string, mask = HIDDEN): string {
  return replacedIn(text, credentialsIn(text), () => mask);
}

/** Shorter ones would take ordinary words with them, and are no secrets. */
const SHORTEST = 4;

/** Hides values that were given in a request, wherever AWS repeats them. */
export function hideGiven(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= SHORTEST)
    .sort((a, b) => b.length - a.length)
    .reduce((hidden, secret) => hidden.replaceAll(secret, HIDDEN), text);
}
