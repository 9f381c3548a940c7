import type { Json } from '../kernel/digest.ts';

/** How deep arguments may go; no tool takes more than a handful. */
const DEPTH = 32;
/** How many members and items in all: more than any tool needs. */
const MEMBERS = 20_000;

/**
 * What is wrong with a call's arguments whatever the tool, or undefined. They are the agent's: nested until our own
 * recursion fails, with a `__proto__` that a copy would swallow, or with half a surrogate pair, which no request to AWS
 * can carry. Walks without recursion.
 */
export function malformed(args: unknown): string | undefined {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: args, depth: 0 }];
  let members = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && !value.isWellFormed()) return 'a text has half of a surrogate pair in it';
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= DEPTH) return `the arguments are nested more than ${DEPTH} deep`;
    for (const [key, member] of Object.entries(value)) {
      if (key === '__proto__') return 'Unrecognized key: "__proto__"';
      if (!key.isWellFormed()) return 'a key has half of a surrogate pair in it';
      members += 1;
      if (members > MEMBERS) return `the arguments have more than ${MEMBERS} members`;
      waiting.push({ value: member, depth: depth + 1 });
    }
  }
  return undefined;
}

interface Schema {
  readonly properties?: { readonly [key: string]: Json };
  readonly items?: Json;
}

function membersOf(schema: Json | undefined): string | undefined {
  const { properties } = (schema ?? {}) as Schema;
  return properties && Object.keys(properties).join(', ');
}

/**
 * What the innermost object around a wrong argument takes, `ingress_rules.0 takes ip_protocol, …`; undefined for the
 * outermost.
 * @param schema the tool's arguments as JSON Schema
 * @param path to the argument, as the schema library names it
 */
export function membersAt(schema: Json, path: readonly PropertyKey[]): string | undefined {
  let at: Json | undefined = schema;
  let found: string | undefined;
  for (const [depth, step] of path.entries()) {
    const { properties, items } = (at ?? {}) as Schema;
    const named = properties && Object.hasOwn(properties, String(step)) ? properties[String(step)] : undefined;
    at = typeof step === 'number' ? items : named;
    const where = path
      .slice(0, depth + 1)
      .map(String)
      .join('.');
    const own = membersOf(at);
    const ofEach = membersOf((at as Schema | undefined)?.items);
    if (own) found = `${where} takes ${own}`;
    else if (ofEach) found = `each of ${where} takes ${ofEach}`;
  }
  return found;
}
