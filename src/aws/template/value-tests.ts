import type { TemplateFacts } from '../../../tools/ports/cloudformation.ts';
import { mayPutIn } from '../../../tools/ports/substitution.ts';
import { type Json, sha256, stableJson } from '../../kernel/digest.ts';
import { isRecord, record } from './document.ts';

/** What of a declaration a value is not held against. */
const WORDS: ReadonlySet<string> = new Set(['Description', 'ConstraintDescription', 'Default', 'NoEcho']);
/** What of a resource, and of an output, has values put into it and decides nothing. */
const FILLED: ReadonlySet<string> = new Set(['Properties', 'Metadata', 'Value']);
/**
 * Types that are templates of their own, or are worked out as one while a change is being planned: what is put into
 * them is held against more.
 */
const TEMPLATES = /^AWS::(CloudFormation::Stack$|Serverless::)/;
const LOOKUP = 'Fn::FindInMap';
const ALL = Symbol('all parameters');

/**
 * By parameter, and for all mappings together, what depends on a value while a change is being planned, as digests: its
 * declaration, and wherever it is but where a property, an output or metadata merely takes it. The attacker is an agent
 * that may not see a value that is kept: AWS answers while it plans, and each answer tells whether the value passed. A
 * handful of calls a letter tell a password.
 */
export function testsIn(
  template: Readonly<Record<string, unknown>>,
): Pick<TemplateFacts, 'parameter_tests' | 'mapping_tests'> {
  const { Parameters, Resources, Outputs, Metadata: _, ...sections } = template;
  const names = Object.keys(record(Parameters));
  const tests = new Map(names.map((name) => [name, new Set<string>()]));
  // Kept once: the attacker puts thousands of names together in a template of two hundred parameters.
  const ofAll = new Set<string>();
  const lookups = new Set<string>();
  const add = (where: Json, value: unknown, whose = namesIn(value, names)) => {
    const digest = sha256(stableJson([where, value as Json]));
    if (typeof whose === 'symbol') ofAll.add(digest);
    else for (const name of whose) tests.get(name)?.add(digest);
    if (weighsLookup(value)) lookups.add(digest);
  };
  for (const [name, declaration] of Object.entries(record(Parameters))) {
    const held = Object.entries(record(declaration)).filter(([member]) => !WORDS.has(member));
    add('Parameters', Object.fromEntries(held), [name]);
  }
  for (const [section, entries] of Object.entries(sections))
    for (const [id, entry] of isRecord(entries) ? Object.entries(entries) : [['', entries] as const])
      add([section, id], entry);
  for (const [id, part] of [...Object.entries(record(Resources)), ...Object.entries(record(Outputs))]) {
    const { Type } = record(part);
    const isPlain = !id.startsWith('Fn::') && isRecord(part) && !(typeof Type === 'string' && TEMPLATES.test(Type));
    if (!isPlain) add(id, part);
    else
      for (const [member, value] of Object.entries(part)) {
        if (!FILLED.has(member)) add([id, member], value);
        else for (const test of testsWithin(value)) add('', test);
      }
  }
  const common = [...ofAll].sort();
  return {
    parameter_tests: Object.fromEntries(
      [...tests].map(([name, found]) => {
        const own = [...found].filter((test) => !ofAll.has(test)).sort();
        return [name, own.length > 0 ? [...common, ...own] : common];
      }),
    ),
    mapping_tests: [...lookups].sort(),
  };
}

/** Does it take what is in a mapping, and do more with it than put it into its place? */
function weighsLookup(value: unknown): boolean {
  if (!isRecord(value)) return Array.isArray(value) && value.some(weighsLookup);
  const [[name, inner] = ['', undefined], ...more] = Object.entries(value);
  const text = stableJson((name === LOOKUP && more.length === 0 ? inner : value) as Json);
  return text.includes(`"${LOOKUP}"`);
}

/** What in a property is more than a value put into its place, by functions that let nothing depend on what it is. */
function testsWithin(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(testsWithin);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const test = { [name]: inner };
    // A dynamic reference, which AWS follows to whatever name the value makes.
    const isLookedUp = stableJson(inner as Json).includes('{{');
    const [first, ...rest] = Array.isArray(inner) ? inner : [inner];
    switch (name) {
      case 'Ref':
        return typeof inner === 'string' ? [] : [test];
      case 'Fn::Sub':
      case 'Fn::Join':
      case 'Fn::If':
        return typeof first === 'string' && !isLookedUp ? rest.flatMap(testsWithin) : [test];
      default:
        return name.startsWith('Fn::') || mayPutIn(name) ? [test] : testsWithin(inner);
    }
  });
}

/** The parameters whose values it takes; `ALL`, where it puts a name together. */
function namesIn(value: unknown, names: readonly string[]): readonly string[] | typeof ALL {
  if (typeof value === 'string') return names.filter((name) => value.includes(`\${${name}}`));
  if (typeof value !== 'object' || value === null) return [];
  const found = new Set<string>();
  for (const [key, inner] of Object.entries(value)) {
    const isRef = key === 'Ref' && !Array.isArray(value);
    if (isRef && (typeof inner !== 'string' || mayPutIn(inner))) return ALL;
    const parts = isRef ? [names.filter((name) => name === inner)] : [namesIn(key, names), namesIn(inner, names)];
    for (const part of parts) {
      if (typeof part === 'symbol') return ALL;
      for (const name of part) found.add(name);
    }
  }
  return [...found];
}
