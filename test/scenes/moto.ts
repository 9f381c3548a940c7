import { shared, whyNot } from './shared.ts';

/** An emulator of AWS that others wrote: what it gets wrong shows which guards are ours. */
export interface Moto {
  readonly endpoint: string;
  /** Empties it. */
  reset(): Promise<void>;
}

export const NO_MOTO = 'moto_server is not installed on this machine';

/**
 * A `moto_server` on a free port, empty, for the files that one worker runs one after the other; undefined where it
 * isn't installed, unless HOLDSHORT_REQUIRE_MOTO=1 makes that a failure.
 */
export async function startMoto(): Promise<Moto | undefined> {
  const name = `moto-${process.env.VITEST_POOL_ID ?? process.pid}`;
  const env = { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false', PYTHONUNBUFFERED: '1' };
  const endpoint = await shared(
    name,
    async () => ({ path: 'moto_server', args: ['-H', '127.0.0.1', '-p', '0'], env }),
    (said) => /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1],
  );
  if (endpoint === undefined) {
    if (process.env.HOLDSHORT_REQUIRE_MOTO === '1')
      throw new Error(`moto_server is required and did not start: ${whyNot(name)}`);
    return undefined;
  }
  const moto: Moto = {
    endpoint,
    async reset() {
      await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
    },
  };
  await moto.reset();
  return moto;
}
