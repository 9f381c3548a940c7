import { asStarted } from '../../src/kernel/command-name.ts';

/** Markup that is safe to send. Only `html` makes it. */
export interface Html {
  readonly markup: string;
}

const COMMAND = /<code class="command">[^<]*/g;

/**
 * The page with the commands in it as they can be typed here. They are in an element of their own, which nothing from
 * outside can open: what others wrote is left as it is.
 */
export function asTyped({ markup }: Html, command: string): string {
  return markup.replace(COMMAND, (element) => asStarted(element, html`${command}`.markup));
}

type Part = Html | string | number | undefined | false | readonly Part[];

/**
 * Markup from a template. Every value is text: what is no printable ASCII is written out (see `safeText`), and what
 * HTML knows is escaped, no matter who forgot to. The attacker sets names, tags, reasons and details; none of them can
 * become markup. Attributes are written in double quotes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Part[]): Html {
  return { markup: parts.reduce((before, part, at) => before + markupOf(values[at - 1]) + part) };
}

export const NOTHING: Html = html``;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function markupOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'object') return 'markup' in part ? part.markup : part.map(markupOf).join('');
  return String(part)
    .replace(/[^\x20-\x7e]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
