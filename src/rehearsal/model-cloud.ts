import { randomBytes } from 'node:crypto';
import { type Aws, createAws } from '../aws/index.ts';
import { startSandbox } from '../sandbox/server.ts';

/** The model of AWS, and the only AWS that a rehearsal can reach. */
export interface ModelCloud extends Pick<Awaited<ReturnType<typeof startSandbox>>, 'copy' | 'close'> {
  readonly aws: Aws;
}

/**
 * Starts a cloud on loopback, and the clients for it. They are made here and nowhere else in this room: with the
 * address of the cloud that was just started, and with a key that was made up for it. Other users of this machine can
 * connect to its port while it is there, and the copy has the secrets that are written in templates: who doesn't
 * know the key gets no answer.
 */
export async function startModelCloud({ account, region }: { readonly account: string; readonly region: string }) {
  const key = `AKID${randomBytes(20).toString('hex').toUpperCase()}`;
  const sandbox = await startSandbox({ accountId: account, region, onlyFor: key });
  const aws = createAws({
    endpoint: sandbox.endpoint,
    region,
    credentials: { accessKeyId: key, secretAccessKey: key },
  });
  return { aws, copy: sandbox.copy, close: sandbox.close } satisfies ModelCloud;
}
