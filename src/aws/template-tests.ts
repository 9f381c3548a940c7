import { type Json, sha256, stableJson } from '../kernel/digest.ts';
import { isRecord, record } from './template-document.ts';

/** Functions that put a value somewhere and let nothing depend on what it is. */
const PLAIN: ReadonlySet<string> = new Set(['Ref', 'Fn::Sub', 'Fn::Join', 'Fn::If']);
/** Sections in which values are compared. */
const COMPARING = ['Rules', 'Conditions', 'Mappings'] as const;
/** What of a declaration a value is not held against. */
const WORDS: ReadonlySet<string> = new Set(['Description', 'ConstraintDescription', 'Default', 'NoEcho']);
/** A name that is put together, in a loop: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html */
const PUT_IN = /[$&]\{/;

/**
 * By parameter, what a template lets depend on its value: its declaration (pattern, length, type), conditions and rules, and functions that
 * take it apart; as digests. The attacker is an agent that may not see a value that is kept: AWS answers while a change is being planned, and
 * each answer tells whether the value passed such a test. A handful of calls a letter tell a password.
 */
export function testsIn(template: Readonly<Record<string, unknown>>): Readonly<Record<string, readonly string[]>> {
  const parameters = Object.entries(record(template.Parameters));
  const names = parameters.map(([name]) => name);
  const tests = new Map(names.map((name) => [name, new Set<string>()]));
  const add = (name: string, test: unknown) => tests.get(name)?.add(sha256(stableJson(test as Json)));
  for (const [name, declaration] of parameters) {
    const held = Object.entries(record(declaration)).filter(([member]) => !WORDS.has(member));
    add(name, Object.fromEntries(held));
  }
  for (const section of COMPARING)
    for (const entry of Object.entries(record(template[section])))
      for (const name of namesIn(entry[1], names)) add(name, [section, ...entry]);
  const search = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) search(one);
    if (!isRecord(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      if (isFunction(key) && !(PLAIN.has(key) && !isLookedUp(inner)))
        for (const name of namesIn(inner, names)) add(name, { [key]: inner });
      else search(inner);
    }
  };
  const { Parameters: _, Rules: _r, Conditions: _c, Mappings: _m, ...elsewhere } = template;
  search(elsewhere);
  return Object.fromEntries([...tests].map(([name, found]) => [name, [...found].sort()]));
}

/** Is it a dynamic reference, that AWS follows to whatever name the value makes? */
function isLookedUp(inner: unknown): boolean {
  return stableJson(inner as Json).includes('{{');
}

function isFunction(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

/** The parameters whose values it takes; all of them, where it puts a name together. */
function namesIn(value: unknown, names: readonly string[]): readonly string[] {
  if (typeof value === 'string') return names.filter((name) => value.includes(`\${${name}}`));
  if (Array.isArray(value)) return [...new Set(value.flatMap((one) => namesIn(one, names)))];
  if (!isRecord(value)) return [];
  const found = Object.entries(value).flatMap(([key, inner]) => {
    if (key !== 'Ref') return namesIn(inner, names);
    return typeof inner === 'string' && !PUT_IN.test(inner) ? names.filter((name) => name === inner) : names;
  });
  return [...new Set(found)];
}
