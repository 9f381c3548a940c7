import { type Aws, createAws } from '../aws/index.ts';
import { startSandbox } from '../sandbox/server.ts';

/** The model of AWS, and the only AWS that a rehearsal can reach. */
export interface ModelCloud extends Pick<Awaited<ReturnType<typeof startSandbox>>, 'copy' | 'close'> {
  readonly aws: Aws;
}

/**
 * Starts a cloud on loopback, and the clients for it. They are made here and nowhere else in this room: with the
 * address of the cloud that was just started, and with credentials that nobody else has or takes.
 */
export async function startModelCloud({ account, region }: { readonly account: string; readonly region: string }) {
  const sandbox = await startSandbox({ accountId: account, region });
  const aws = createAws({
    endpoint: sandbox.endpoint,
    region,
    credentials: { accessKeyId: 'AKIDREHEARSAL', secretAccessKey: 'rehearsal' },
  });
  return { aws, copy: sandbox.copy, close: sandbox.close } satisfies ModelCloud;
}
