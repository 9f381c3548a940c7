import { type Verification, verifyLog } from '../../src/audit/verify.ts';
import { openSnapshot } from '../../src/store/sqlite/snapshot.ts';

/** No keys to look at: neither the first approver's key nor what was seen of the log. */
export const NOTHING_OUTSIDE = { pinned: undefined, seen: undefined };

export async function verifyFile(file: string): Promise<Verification> {
  const snapshot = await openSnapshot(file);
  try {
    return await verifyLog(snapshot, NOTHING_OUTSIDE);
  } finally {
    snapshot.close();
  }
}
