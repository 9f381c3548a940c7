import { targetsOf } from '../../../tools/cloudformation/reach/targets.ts';
import { type Environment, type EnvironmentRules, environmentOf, subjectsOf } from '../../kernel/environment.ts';
import type { Target } from '../../kernel/target.ts';
import type { Naming } from './scan.ts';

/** A thing of which nobody can tell whose it is. */
export interface Untold {
  readonly id: string;
  readonly type: string;
  /** As what it counts now. */
  readonly environment: Environment;
  readonly because: string;
  /** A line for `known:` that settles it; undefined where none can. */
  readonly known: string | undefined;
  readonly named_by: readonly NamedBy[];
}

export interface NamedBy {
  readonly stack: string;
  readonly path: string;
  readonly how: string;
}

export interface Lines {
  readonly untold: readonly Untold[];
  /** What `known:` settles already. */
  readonly settled: number;
  /** Values that can't be read. */
  readonly unreadable: readonly NamedBy[];
}

interface Place {
  readonly account: string;
  readonly region: string;
}

/** What of all that is named nobody can tell whose it is, by type and id. */
export function knownLines(namings: readonly Naming[], rules: EnvironmentRules, place: Place): Lines {
  const untold = new Map<string, Omit<Untold, 'named_by'> & { readonly named_by: NamedBy[] }>();
  const settled = new Set<string>();
  const unreadable: NamedBy[] = [];
  for (const { stack, reached, found } of namings) {
    const named = { stack: stack.stack_name, path: reached.path, how: reached.how };
    if (!found) unreadable.push(named);
    const [target] = found?.owners.length === 0 ? targetsOf(reached, found, stack) : [];
    if (!target) continue;
    const key = `${target.type} ${target.id}`;
    if (isSettled(target, rules, place)) settled.add(key);
    else {
      const { id, type } = target;
      const environment = environmentOf(rules, subjectsOf({ ...place, targets: [target] }));
      const because = found?.unknown_because ?? '';
      const one = untold.get(key) ?? {
        id,
        type,
        environment,
        because,
        named_by: [],
        known: lineFor(target, environment, place),
      };
      one.named_by.push(named);
      untold.set(key, one);
    }
  }
  const sorted = [...untold.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  return { untold: sorted, settled: settled.size, unreadable };
}

function isSettled(target: Target, { known }: EnvironmentRules, place: Place): boolean {
  // Without rules of its own everything is production; so a thing is known by a line, if it is anything else by it.
  const asSandbox = known.map((line) => ({ ...line, environment: 'sandbox' as const }));
  const subjects = subjectsOf({ ...place, targets: [target] });
  return environmentOf({ environments: [], known: asSandbox }, subjects) === 'sandbox';
}

/**
 * Templates choose these names: a line holds only what names are made of, so that it is one line, and no `*`, which
 * would settle more than this one.
 */
function lineFor(target: Target, environment: Environment, place: Place): string | undefined {
  const { id } = target;
  if (!/^[\w.:/@+=,$-]{1,2048}$/.test(id)) return undefined;
  if (!isSettled(target, { environments: [], known: [{ id, environment }] }, place)) return undefined;
  return `{ id: "${id}", environment: ${environment} }`;
}
