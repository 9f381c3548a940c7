import type { Location } from './location.ts';
import { locationAt } from './location.ts';

/** One policy of a policy text, annotations included. */
interface StatementText {
  readonly text: string;
  readonly at: Location;
}

/** A comment, a string, the end of a policy, or any other character of one. */
const TOKEN = /\/\/[^\n]*|"(?:\\.|[^"\\])*"|;|\S/gs;

/**
 * The policies of a text in their order, with where each begins; Cedar's own parser says which policy decided, but not
 * where it is. Only for text that Cedar has parsed: a `;` outside comments and strings ends a policy, and nothing else
 * does.
 * @see https://docs.cedarpolicy.com/policies/syntax-grammar.html
 */
export function statementsOf(text: string): readonly StatementText[] {
  const statements: StatementText[] = [];
  let start: number | undefined;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith('//')) continue;
    start ??= index;
    if (token !== ';') continue;
    statements.push({ text: text.slice(start, index + 1), at: locationAt(text, start) });
    start = undefined;
  }
  return statements;
}
