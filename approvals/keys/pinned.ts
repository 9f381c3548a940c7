import { readdirSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Pinned } from '../../src/kernel/pinned.ts';
import { PersonName } from '../../src/kernel/statement.ts';
import { createPrivateFile, keysFolder, readPrivateFile } from './key-files.ts';
import { type Root, readRoot } from './root.ts';

/** One recovery that counts here. Only `statement` decides; the rest is for anyone who finds the file. */
const RecoveryFile = z.strictObject({
  format: z.literal('holdshort/recovery/v1'),
  /** `recoveryDigest` of the one statement that this is about. */
  statement: z.string().regex(/^[0-9a-f]{64}$/),
  name: PersonName,
  /** Fingerprint of the key that was enrolled. */
  key: z.string().max(100),
  /** ISO 8601 */
  pinned_at: z.iso.datetime(),
});

type RecoveryFile = z.infer<typeof RecoveryFile>;

const NAME = /^recovery-[0-9a-f]{16}\.json$/;

export function recoveryPath(keysDir: string, digest: string): string {
  return join(keysDir, `recovery-${digest.slice(0, 16)}.json`);
}

/**
 * Everything that this installation pins outside the database, the one place where gates read it: the first key, and
 * each recovery, in a file of its own. The attacker holds an admin's key file and writes the database; what they don't
 * have is this folder.
 * @throws key_invalid where the folder or one of these files is open to others, or says something else
 */
export function readPinned(keysDir: string): Pinned & { readonly root: Root | undefined } {
  const root = readRoot(keysDir);
  // Without a first key nothing counts, and there may be no folder.
  const names = root ? readdirSync(keysDir).filter((name) => NAME.test(name)) : [];
  const recoveries = names.flatMap((name) => readRecovery(join(keysDir, name)) ?? []);
  return { root, rootKeyId: root?.key, recoveries: new Set(recoveries) };
}

function readRecovery(path: string): string | undefined {
  const text = readPrivateFile(path);
  if (text === undefined) return undefined;
  try {
    return RecoveryFile.parse(JSON.parse(text)).statement;
  } catch (cause) {
    throw new HoldshortError(
      'key_invalid',
      `${path} does not name one recovery`,
      'restore it from a backup; or remove it, then the key that it is about counts for no more than the one that signed for it',
      cause,
    );
  }
}

/** Says that this recovery counts here. @returns how to take that back, where the statement isn't in the log */
export async function pinRecovery(
  keysDir: string,
  recovery: Omit<RecoveryFile, 'format'>,
): Promise<() => Promise<void>> {
  await keysFolder(keysDir);
  const path = recoveryPath(keysDir, recovery.statement);
  const text = JSON.stringify(RecoveryFile.parse({ format: 'holdshort/recovery/v1', ...recovery }), null, 2);
  await createPrivateFile(path, `${text}\n`);
  return () => unlink(path);
}
