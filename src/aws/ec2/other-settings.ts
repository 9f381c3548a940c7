import { hideCredentials } from '../../../tools/ports/credentials.ts';
import { sha256 } from '../../kernel/digest.ts';
import { bounded } from '../../kernel/safe-text.ts';

/** What AWS tells of a kind of thing and nobody chose for itself, or is told elsewhere. */
export interface Beside {
  readonly known: ReadonlySet<string>;
  /** What a setting is unless someone chose otherwise, by its path; of any other, `false` and nothing. */
  readonly usual?: Readonly<Record<string, string>>;
}

const MOST_CHARACTERS = 60;

/**
 * The settings of a thing that are as someone chose them, `CpuOptions (CoreCount 2, ThreadsPerCore 1)`. A member that
 * nobody has looked at yet counts: what makes it again doesn't give it that.
 */
export function settingsBeside(thing: object, { known, usual = {} }: Beside): readonly string[] {
  return Object.entries(thing).flatMap(([name, value]) => {
    if (known.has(name)) return [];
    const leaves = leavesOf(value, name).filter(([path, leaf]) => leaf !== '' && leaf !== (usual[path] ?? 'false'));
    if (leaves.length === 0) return [];
    const texts = leaves.map(([path, leaf]) => `${path.slice(name.length + 1)} ${shown(leaf)}`.trim());
    return [`${name} (${texts.join(', ')})`];
  });
}

function leavesOf(value: unknown, path: string): readonly (readonly [path: string, leaf: string])[] {
  if (value === undefined || value === null) return [];
  if (value instanceof Date) return [[path, value.toISOString()]];
  if (Array.isArray(value)) return value.length === 0 ? [] : [[path, `${value.length} of them`]];
  if (typeof value !== 'object') return [[path, String(value)]];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, `${path}.${name}`));
}

function shown(leaf: string): string {
  return bounded(hideCredentials(leaf), MOST_CHARACTERS, sha256);
}
