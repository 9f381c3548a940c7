import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * The folders of configuration and of state: `HOLDSHORT_HOME` for both, otherwise the XDG ones.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/ (a relative XDG path is to be ignored, and so is an empty one)
 */
export function placesOf(env: Env): { readonly configDir: string; readonly stateDir: string } {
  const own = env.HOLDSHORT_HOME;
  if (own) return { configDir: resolve(own), stateDir: resolve(own) };
  const home = env.HOME || homedir();
  const xdg = (value: string | undefined, fallback: string) =>
    join(value && isAbsolute(value) ? value : join(home, fallback), 'holdshort');
  return {
    configDir: xdg(env.XDG_CONFIG_HOME, '.config'),
    stateDir: xdg(env.XDG_STATE_HOME, '.local/state'),
  };
}
