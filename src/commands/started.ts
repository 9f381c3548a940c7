import { realpathSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join, relative, sep } from 'node:path';
import { INSTALLED_NAME } from '../kernel/command-name.ts';

/** What counts for every command, as it was typed. */
export interface Chosen {
  /** `--config` */
  readonly config?: string | undefined;
  /** `--store` */
  readonly store?: string | undefined;
  /** `--sandbox` */
  readonly sandbox?: boolean | undefined;
}

/**
 * How this program was started, to be typed again in a shell: `holdshort` where that is installed, `npx holdshort`,
 * otherwise node and the script.
 * @param where `anywhere` for what is read outside the folder in which this process happens to run, as a client's
 *   server
 */
export function startedAs(where: 'here' | 'anywhere', options: Chosen): string {
  const config = options.config === undefined ? '' : ` --config ${quoted(options.config)}`;
  const store = options.store === undefined ? '' : ` --store ${quoted(options.store)}`;
  return `${programAs(where)}${config}${store}${options.sandbox ? ' --sandbox' : ''}`;
}

function programAs(where: 'here' | 'anywhere'): string {
  const { argv, env, execPath: node } = process;
  const script = argv[1] ?? INSTALLED_NAME;
  const folders = (env.PATH ?? '').split(delimiter).filter(isAbsolute);
  const found = (name: string) => folders.map((folder) => join(folder, name)).find((file) => real(file) !== undefined);
  if (basename(script) === INSTALLED_NAME) {
    if (real(found(INSTALLED_NAME)) === real(script)) return INSTALLED_NAME;
    if (script.includes(`${sep}_npx${sep}`)) return `npx ${INSTALLED_NAME}`;
  }
  const near = relative(process.cwd(), script);
  const file = where === 'here' && !near.startsWith('..') && !isAbsolute(near) ? near : script;
  return `${real(found('node')) === real(node) ? 'node' : quoted(node)} ${quoted(file)}`;
}

function real(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** For a shell, and untouched where it needs nothing. */
function quoted(word: string): string {
  if (process.platform === 'win32') return word.includes(' ') ? `"${word}"` : word;
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
