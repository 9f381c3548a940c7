/*
 * What `Fn::Sub` puts into a text: the one reading of it, for everyone who reads a template, the embedded cloud too.
 * The attacker writes fifty kilobytes of `${`: a pattern that looks for each one's end takes their square, and the one
 * thread that answers every agent is silent for as long. And what two read differently, one of them judges wrongly.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
 */

export interface SubPart {
  /**
   * `text` and `literal` (of `${!Name}`, then `${Name}`) are what comes out; of a `variable` it is the name, without
   * blanks around it; `unclosed` is the rest from a `${` on that has no end: what AWS makes of it isn't known.
   */
  readonly kind: 'text' | 'literal' | 'variable' | 'unclosed';
  readonly text: string;
}

/** All of a text, in order: each character is looked at once. A name goes on up to the next `}`, whatever is in it. */
export function subParts(text: string): readonly SubPart[] {
  const parts: SubPart[] = [];
  let from = 0;
  while (from < text.length) {
    const start = text.indexOf('${', from);
    if (start !== from) parts.push({ kind: 'text', text: text.slice(from, start < 0 ? undefined : start) });
    if (start < 0) break;
    const end = text.indexOf('}', start);
    if (end < 0) {
      parts.push({ kind: 'unclosed', text: text.slice(start) });
      break;
    }
    const inner = text.slice(start + 2, end);
    if (inner.startsWith('!')) parts.push({ kind: 'literal', text: `\${${inner.slice(1)}}` });
    else parts.push({ kind: 'variable', text: inner.trim() });
    from = end + 1;
  }
  return parts;
}

/** The names of a text's variables. */
export function variablesOf(text: string): readonly string[] {
  return subParts(text).flatMap(({ kind, text: name }) => (kind === 'variable' ? [name] : []));
}

/** May a part of the text be another one when it is used: one that `Fn::Sub` or a loop (`&{Name}` too) puts there? */
export function mayPutIn(text: string): boolean {
  return text.includes('${') || text.includes('&{');
}

/**
 * All names that `Fn::Sub` or loops may put into a text; undefined where they may be any. No character is looked at
 * twice: a name ends at the next brace.
 */
export function namesPutIn(text: string): readonly string[] | undefined {
  if (!mayPutIn(text)) return [];
  if (hasNameInName(text)) return undefined;
  return [...text.matchAll(/[$&]\{([^{}]*)\}/g)].map(([, name = '']) => name.trim());
}

/** A name of which a part is put in (`${A${B}}`): a loop puts in `B`, and what is then named nobody sees here. */
export function hasNameInName(text: string): boolean {
  return /[$&]\{\s*[\w.:]*[$&]\{/.test(text);
}

/** What stands before the first place where something is put in. */
export function beforePutIn(text: string): string {
  return text.slice(0, /[$&]\{/.exec(text)?.index);
}

/** Where a loop puts its items in, whole or only their letters and digits; and what may be such a place, or not. */
export interface LoopMarks {
  readonly whole: string;
  readonly letters: string;
  readonly unsure: RegExp;
}

/** @param identifier of letters, digits and `_` alone */
export function loopMarks(identifier: string): LoopMarks {
  const unsure = new RegExp(`[$&]\\{(\\s+${identifier}\\s*|${identifier}\\s+)\\}`);
  return { whole: `\${${identifier}}`, letters: `&{${identifier}}`, unsure };
}
