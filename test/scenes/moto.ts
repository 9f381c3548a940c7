import { beforeAll, beforeEach } from 'vitest';
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

/** How a client of the SDK reaches an emulator. */
interface Direct {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** For a file whose tests each find moto empty; without it they are skipped. @param make its clients */
export function useMoto(make: (direct: Direct, there: boolean) => void | Promise<void>): { reset(): Promise<void> } {
  let moto: Moto | undefined;
  beforeAll(async () => {
    moto = await startMoto();
    const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
    const endpoint = moto?.endpoint ?? 'http://127.0.0.1:9';
    await make({ endpoint, region: 'eu-west-1', credentials }, moto !== undefined);
  });
  beforeEach(async (context) => {
    if (!moto) context.skip(NO_MOTO);
    await moto?.reset();
  });
  return { reset: async () => await moto?.reset() };
}
