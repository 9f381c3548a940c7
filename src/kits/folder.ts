import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { HoldshortError } from '../kernel/errors.ts';
import { Kit } from '../kernel/kit.ts';
import type { Kept } from '../kernel/undo.ts';
import { type OldKits, oldKitsIn, touch } from './old.ts';
import { MOST_BYTES, newIdentity, readerOf, seal, unseal } from './sealed.ts';

/** The recovery kits of an installation: a file each, named by the digest of what is in it. */
export interface KitFolder {
  /** Seals it and writes it down; durable when it returns. @throws store_unavailable */
  keep(kit: Kit): Promise<Kept>;
  /** It isn't needed: what it was kept for didn't begin. */
  drop(kept: Kept): void;
  /** It is about to be named: from here on it is young. @throws store_unavailable where it is gone */
  hold(kept: Kept): void;
  /** The ticket that a kit was made for; undefined where that can't be told. */
  ticketOf(sha256: string): Promise<string | undefined>;
  readonly old: OldKits;
  /**
   * The kit that the log names for a ticket. The attacker writes files: what isn't of that digest is no kit of it.
   * @throws not_found where it isn't there any more
   * @throws tampered where it is another, or can't be opened
   */
  open(ticket: string, kept: Kept): Promise<Kit>;
}

export interface KitPlaces {
  readonly folder: string;
  /** The installation's own key, made when first needed. */
  readonly keyFile: string;
  /** Who else may open them: age recipients. */
  readonly readers: readonly string[];
}

export function kitFolder({ folder, keyFile, readers }: KitPlaces): KitFolder {
  const fileOf = ({ sha256 }: Pick<Kept, 'sha256'>) => join(folder, `${sha256}.age`);
  return {
    async keep(kit) {
      const text = JSON.stringify(kit);
      if (Buffer.byteLength(text) > MOST_BYTES)
        throw new HoldshortError(
          'store_unavailable',
          `it has more than ${MOST_BYTES} bytes`,
          'change less at once: nothing runs without its kit',
        );
      try {
        const sealed = await seal(text, [await readerOf(await ownKey(keyFile)), ...readers]);
        const kept = { sha256: digestOf(sealed), bytes: sealed.length };
        writeDurably(folder, fileOf(kept), sealed);
        if (digestOf(readFileSync(fileOf(kept))) !== kept.sha256)
          throw new Error('it reads otherwise than it was written');
        return kept;
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        const recovery = `see that this user may write ${folder} and read ${keyFile}, and that recovery.readers are age recipients`;
        throw new HoldshortError('store_unavailable', `the kit can not be written: ${why}`, recovery, cause);
      }
    },

    drop(kept) {
      rmSync(fileOf(kept), { force: true });
    },

    hold(kept) {
      const file = fileOf(kept);
      try {
        touch(file);
      } catch (cause) {
        const recovery = 'nothing was sent; another one is made when it is tried again';
        throw new HoldshortError('store_unavailable', `the kit that was just made is gone: ${file}`, recovery, cause);
      }
    },

    async ticketOf(sha256) {
      try {
        const sealed = readFileSync(fileOf({ sha256 }));
        if (digestOf(sealed) !== sha256) return undefined;
        return Kit.parse(JSON.parse(await unseal(sealed, keyIn(keyFile)))).ticket;
      } catch {
        // Another key's, or it was removed meanwhile.
        return undefined;
      }
    },

    old: oldKitsIn(folder),

    async open(ticket, kept) {
      const file = fileOf(kept);
      const sealed = read(file, ticket, kept);
      const tampered = (what: string, cause?: unknown) =>
        new HoldshortError('tampered', `the recovery kit ${file} ${what}`, 'put back the file from a backup', cause);
      if (!sealed || digestOf(sealed) !== kept.sha256) throw tampered('is not the one that the log names');
      const key = keyIn(keyFile);
      try {
        const kit = Kit.parse(JSON.parse(await unseal(sealed, key)));
        if (kit.ticket === ticket) return kit;
      } catch (cause) {
        throw tampered(`can not be opened with ${keyFile}: is that the key it was made with?`, cause);
      }
      throw tampered(`is not of ${ticket}`);
    },
  };
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The file and its name are on the disk, whole, when it returns: what it is kept for begins next. A disk that is full
 * leaves nothing behind.
 */
function writeDurably(folder: string, file: string, bytes: Uint8Array): void {
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) named.delete(folder);
  // Under another name until it is whole: a crash leaves no half of it in its place.
  const part = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    writeFileSync(part, bytes, { flag: 'wx', mode: 0o600, flush: true });
    linkSync(part, file);
  } finally {
    rmSync(part, { force: true });
  }
  syncFolder(folder);
  if (named.has(folder)) return;
  syncFolder(dirname(folder));
  named.add(folder);
}

/** Folders whose own names are on the disk, as far as this process saw to it. */
const named = new Set<string>();

function syncFolder(folder: string): void {
  const open = openSync(folder, 'r');
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}

/** A regular file of just that size: the attacker may have put a pipe there, or another's file, or a very long one. */
function read(file: string, ticket: string, { bytes }: Kept): Uint8Array | undefined {
  let open: number;
  try {
    open = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ELOOP') return undefined;
    const recovery = 'put back the file from a backup of the state folder';
    throw new HoldshortError('not_found', `the recovery kit of ${ticket} is gone: ${file}`, recovery, cause);
  }
  try {
    const found = fstatSync(open);
    return found.isFile() && found.size === bytes ? readFileSync(open) : undefined;
  } finally {
    closeSync(open);
  }
}

/** Made once, by whichever process needs it first. */
async function ownKey(file: string): Promise<string> {
  if (!existsSync(file)) {
    try {
      writeDurably(dirname(file), file, Buffer.from(`${await newIdentity()}\n`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return readFileSync(file, 'utf8').trim();
}

/** @throws not_found where there is none */
function keyIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const recovery = 'put it back from a backup of the keys folder, or open the kit as one of its readers (age -d)';
    throw new HoldshortError('not_found', `the key that opens recovery kits can not be read: ${file}`, recovery, cause);
  }
}
