import { join } from 'node:path';
import { readPinned } from '../../approvals/keys/pinned.ts';
import { placesOf } from '../config/places.ts';
import type { Pinned } from '../kernel/pinned.ts';
import type { CommandResult } from '../present/command-result.ts';
import { readHeadFile } from '../store/head/file.ts';
import { connectionTo } from '../store/postgres/address.ts';
import { openPostgresSnapshot } from '../store/postgres/snapshot.ts';
import { openSnapshot } from '../store/sqlite/snapshot.ts';
import { auditVerify } from './audit-views.ts';
import type { LookOptions } from './options.ts';
import { addressFor } from './store.ts';

/** `audit verify`: needs to know where the state is and nothing else of the configuration, and writes nothing. */
export async function verify(start: LookOptions): Promise<CommandResult> {
  const { stateDir } = placesOf(start.env, start.sandbox);
  const keysDir = join(stateDir, 'keys');
  const seen = await readHeadFile(join(keysDir, 'head.db'));
  const address = await addressFor(start);
  const snapshot =
    address === undefined
      ? await openSnapshot(join(stateDir, 'holdshort.db'))
      : await openPostgresSnapshot(connectionTo(address));
  try {
    return await auditVerify(snapshot, { pinned: pinned(keysDir), seen });
  } finally {
    await snapshot.close();
  }
}

/** Anyone who may not read the keys may still verify the rest. */
function pinned(keysDir: string): Pinned | undefined {
  try {
    return readPinned(keysDir);
  } catch {
    return undefined;
  }
}
