import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStateDir } from '../config/state-dir.ts';
import type { Config } from '../config.ts';
import { HoldshortError } from '../kernel/errors.ts';

/**
 * Keys that are made here once, and that hubs which work together must have alike. `secrets.key` keys the digests that
 * stand for secrets in stored plans, `links.key` the secrets in the addresses of the approval page, and seals what it
 * asks; of `companion.key` hubs make people's keys for chat clients.
 */
type SecretKeyName = 'secrets.key' | 'links.key' | 'companion.key';

const LENGTH = 32;

/** @throws store_unavailable where it can be neither read nor made, or is none: by a short one anyone signs */
export function secretKeyIn(config: Config, name: SecretKeyName): Uint8Array {
  openStateDir(config);
  const file = join(config.keysDir, name);
  try {
    if (!existsSync(file)) make(file);
    const key = readFileSync(file);
    if (key.length >= LENGTH) return key;
  } catch (cause) {
    const { code = 'unknown reason' } = cause as NodeJS.ErrnoException;
    const recovery = 'see that this user may write the folder, and that nothing but a file of ours has this name';
    throw new HoldshortError('store_unavailable', `can't use ${file}: ${code}`, recovery, cause);
  }
  throw new HoldshortError(
    'store_unavailable',
    `can't use ${file}: it has less than ${LENGTH} bytes`,
    'copy it again from the host that has it whole; if none has, delete it, and a new one is made',
  );
}

/** Which of these aren't here yet. */
export function missingKeys({ keysDir }: Pick<Config, 'keysDir'>, names: readonly SecretKeyName[]): SecretKeyName[] {
  return names.filter((name) => !existsSync(join(keysDir, name)));
}

/**
 * Whole or not at all: who reads it while it is being made must not take half of it, or nothing, for the key. Under a
 * name of its own until then: in containers that share a folder each process has the same number.
 */
function make(file: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    writeFileSync(draft, randomBytes(LENGTH), { flag: 'wx', mode: 0o600, flush: true });
    linkSync(draft, file);
  } catch (error) {
    // Another process was first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
