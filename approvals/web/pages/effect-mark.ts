import type { Effect } from '../../../src/kernel/effects.ts';
import { type Html, html } from '../html.ts';

/** How each effect looks, besides its colour: a shape of its own, on a 16 by 16 grid. */
const SHAPES: Readonly<Record<Effect, Html>> = {
  delete: html`<path d="M4 4 12 12M12 4 4 12"/>`,
  replace: html`<path d="M3 6H12L9 3M13 10H4L7 13"/>`,
  unknown: html`<path d="M5 6a3 3 0 1 1 4.5 2.6Q8 9.4 8 11M8 13.5V14"/>`,
  weaken: html`<path d="M8 3V13M4 9 8 13 12 9"/>`,
  expose: html`<path d="M4 12 12 4M6 4H12V10"/>`,
  disrupt: html`<path d="M5 3V13M11 3V13"/>`,
  unjudged: html`<circle cx="4" cy="8" r="1"/><circle cx="8" cy="8" r="1"/><circle cx="12" cy="8" r="1"/>`,
  modify: html`<path d="M2 9Q5 4 8 8T14 7"/>`,
  create: html`<path d="M8 3V13M3 8H13"/>`,
  read: html`<circle cx="8" cy="8" r="3"/>`,
};

const WORDS: Readonly<Record<Effect, string>> = {
  delete: 'deleted',
  replace: 'replaced',
  unknown: "can't be told",
  weaken: 'unprotected',
  expose: 'opened',
  disrupt: 'interrupted',
  unjudged: 'not judged yet',
  modify: 'changed, stays',
  create: 'new',
  read: 'read',
};

/** What happens to a resource, in one or two words. */
export function effectWord(effect: Effect): string {
  return WORDS[effect];
}

export function effectShape(effect: Effect): Html {
  return SHAPES[effect];
}

/** The effect's shape and its name. */
export function effectMark(effect: Effect): Html {
  return html`<span class="mark ${effect}"><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">${SHAPES[effect]}</svg>${effect}</span>`;
}
