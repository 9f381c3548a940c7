import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { HoldshortError } from '../kernel/errors.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface Places {
  readonly configDir: string;
  readonly stateDir: string;
  /** Is the state a folder of the sandbox's own? */
  readonly apart: boolean;
}

/**
 * The folders of configuration and of state: `HOLDSHORT_HOME` for both, otherwise the XDG ones.
 * @param sandbox the state of the embedded cloud: a folder of its own below the other, unless `HOLDSHORT_HOME` names
 *   one for everything. People who decide in earnest are not to find what is only played among what isn't.
 * @throws config_invalid where nothing names a place
 * @see https://specifications.freedesktop.org/basedir-spec/latest/ (a relative XDG path is to be ignored, and so is an
 *   empty one)
 */
export function placesOf(env: Env, sandbox = false): Places {
  const own = env.HOLDSHORT_HOME;
  if (own) return { configDir: resolve(own), stateDir: resolve(own), apart: false };
  const xdg = (value: string | undefined, fallback: string) =>
    join(value && isAbsolute(value) ? value : join(env.HOME || homeOfUser(), fallback), 'holdshort');
  const stateDir = xdg(env.XDG_STATE_HOME, '.local/state');
  return {
    configDir: xdg(env.XDG_CONFIG_HOME, '.config'),
    stateDir: sandbox ? join(stateDir, 'sandbox') : stateDir,
    apart: sandbox,
  };
}

/** A user without an entry in passwd, as in a container that runs under a number, has none. */
function homeOfUser(): string {
  try {
    return homedir();
  } catch (cause) {
    throw new HoldshortError(
      'config_invalid',
      'this user has no home folder, so there is no place for configuration and state',
      'name a folder in HOLDSHORT_HOME, or set HOME',
      cause,
    );
  }
}

/**
 * The AWS SDK asks for the home folder whatever it is given, and where there is none a process ends by that. Such a
 * process gets the one that container engines give: the root, in which nothing of ours is looked for.
 */
export function giveHome(env: NodeJS.ProcessEnv): void {
  try {
    homedir();
  } catch {
    env.HOME = '/';
  }
}
