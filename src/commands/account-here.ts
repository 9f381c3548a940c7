import { setTimeout as sleep } from 'node:timers/promises';
import { createAws } from '../aws/index.ts';
import { awsOptions } from './aws-options.ts';
import type { Installation } from './installation.ts';

const PATIENCE_MS = 5_000;

/** The account that the credentials here are for; undefined where there are none, or AWS doesn't say so soon. */
export async function accountHere({ config }: Pick<Installation, 'config'>): Promise<string | undefined> {
  const known = createAws(awsOptions(config))
    .caller()
    .then(
      ({ account }) => account,
      () => undefined,
    );
  return await Promise.race([known, sleep(PATIENCE_MS, undefined, { ref: false })]);
}
