import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** An emulator of AWS that others wrote: what it gets wrong shows which guards are ours. */
export interface Moto {
  readonly endpoint: string;
  /** Empties it. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export const NO_MOTO = 'moto_server is not installed on this machine';

/**
 * A `moto_server` on a free port; undefined where it isn't installed, unless HOLDSHORT_REQUIRE_MOTO=1 makes that a
 * failure.
 */
export async function startMoto(): Promise<Moto | undefined> {
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false', PYTHONUNBUFFERED: '1' },
  });
  let said = '';
  const endpoint = await new Promise<string | undefined>((resolve) => {
    const listen = (chunk: Buffer) => {
      said += chunk;
      const port = /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', () => resolve(undefined));
    child.once('exit', () => resolve(undefined));
  });
  if (endpoint === undefined) {
    if (process.env.HOLDSHORT_REQUIRE_MOTO === '1')
      throw new Error(`moto_server is required and did not start: ${said}`);
    return undefined;
  }
  return {
    endpoint,
    async reset() {
      await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
    },
    async close() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
