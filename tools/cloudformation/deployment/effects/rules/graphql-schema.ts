/** Strings, comments, names, numbers and marks: https://spec.graphql.org/October2021/#sec-Appendix-Grammar-Summary */
const TOKENS = /"""(?:(?!""")[\s\S])*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*|[_A-Za-z]\w*|-?\d[\w.]*|[@{}()[\]:=|&!$]|[\s,]+/gy;
const LEFT_OUT = /^["#\s,]/;
const WITH_MEMBERS = /^(type|interface|input|enum|schema)$/;

/**
 * The types, fields and values of a schema, each with the directives of AWS that say who may ask for it. Undefined for
 * what isn't one as far as this reads.
 */
export function definitionsIn(text: string): ReadonlyMap<string, string> | undefined {
  const all = [...text.matchAll(TOKENS)].map(([token]) => token);
  if (all.join('') !== text) return undefined;
  const reader = readerOf(all.filter((token) => !LEFT_OUT.test(token)));
  const found = new Map<string, string>();
  const add = (name: string, directives: string) => found.set(name, `${found.get(name) ?? ''}${directives}`);
  while (!reader.isAtEnd()) {
    reader.takes('extend');
    const kind = reader.name();
    if (kind === undefined) return undefined;
    if (kind === 'directive') {
      reader.declaration();
      continue;
    }
    const name = kind === 'schema' ? kind : reader.name();
    if (name === undefined || !(WITH_MEMBERS.test(kind) || /^(scalar|union)$/.test(kind))) return undefined;
    if (reader.takes('implements')) reader.names('&');
    add(name, reader.directives());
    if (kind === 'union' && reader.takes('=')) for (const one of reader.names('|')) add(`${name}.${one}`, '');
    if (!WITH_MEMBERS.test(kind) || !reader.takes('{')) continue;
    while (!reader.takes('}')) {
      const member = reader.name();
      if (member === undefined) return undefined;
      reader.group();
      if (reader.takes(':')) reader.type();
      if (reader.takes('=')) reader.value();
      add(`${name}.${member}`, reader.directives());
    }
  }
  return found;
}

function readerOf(tokens: readonly string[]) {
  let at = 0;
  const takes = (token: string) => {
    const is = tokens[at] === token;
    if (is) at += 1;
    return is;
  };
  const name = () => (/^[_A-Za-z]/.test(tokens[at] ?? '') ? tokens[at++] : undefined);
  /** Whatever stands in brackets, as one text. */
  const group = (): string => {
    if (!/^[({[]$/.test(tokens[at] ?? '')) return '';
    const from = at;
    let depth = 0;
    do {
      if (/^[({[]$/.test(tokens[at] ?? '')) depth += 1;
      if (/^[)}\]]$/.test(tokens[at] ?? '')) depth -= 1;
      at += 1;
    } while (depth > 0 && at < tokens.length);
    return tokens.slice(from, at).join(' ');
  };
  const names = (between: string): readonly string[] => {
    takes(between);
    const found: string[] = [];
    for (let one = name(); one !== undefined; one = takes(between) ? name() : undefined) found.push(one);
    return found;
  };
  return {
    takes,
    name,
    names,
    group,
    isAtEnd: () => at >= tokens.length,
    /** Those of AWS, sorted. */
    directives(): string {
      const found: string[] = [];
      while (takes('@')) {
        const one = `@${name() ?? ''}${group()}`;
        if (one.startsWith('@aws')) found.push(one);
      }
      return found.sort().join('');
    },
    type(): void {
      if (group() === '') name();
      takes('!');
    },
    value(): void {
      if (group() === '') at += 1;
    },
    declaration(): void {
      takes('@');
      name();
      group();
      takes('repeatable');
      if (takes('on')) names('|');
    },
  };
}
