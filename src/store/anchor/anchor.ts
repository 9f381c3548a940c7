import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { HoldshortError } from '../../kernel/errors.ts';
import type { Anchor, Anchored } from '../head/port.ts';
import { type Once, onceIn } from './folder.ts';

/** So many heads stay: who read the newest and comes to write the next long after that finds it there. */
const STAYING = 100;

const Stored = z.strictObject({
  size: z.int().nonnegative(),
  peaks: z.string().regex(/^([0-9a-f]{64})*$/),
  at: z.string(),
  server: z.string().optional(),
  log_id: z.string().optional(),
  accepted: z.int().nonnegative(),
});

/** What was ever begun, on any host: each name is noted once. */
export type Notes = Pick<Once, 'make' | 'read'>;

export interface AnchorFolder extends Anchor {
  /** Another folder has another one: hosts compare them. Made with its first use. */
  id(): string;
  readonly begun: Notes;
}

/**
 * Opening it costs nothing. Each head is a file with the next number: two hosts that saw the log go on differently
 * can't both write it.
 */
export function anchorIn(folder: string): AnchorFolder {
  const [heads, self] = [onceIn(folder, 'head'), onceIn(folder, 'anchor')];
  let id: string | undefined;
  const newest = (): { readonly number: number; readonly name: string } | undefined => {
    const numbers = heads.names().flatMap((name) => (/^\d{12}$/.test(name) ? [Number(name)] : []));
    if (numbers.length === 0) return undefined;
    const number = Math.max(...numbers);
    return { number, name: nameOf(number) };
  };
  return {
    begun: onceIn(folder, 'begun'),
    id() {
      if (id === undefined) {
        self.make('id', randomBytes(8).toString('hex'));
        id = self.read('id') ?? '';
        if (!/^[0-9a-f]{16}$/.test(id)) throw unreadable(folder, 'anchor/id');
      }
      return id;
    },
    read() {
      for (;;) {
        const found = newest();
        if (!found) return undefined;
        const text = heads.read(found.name);
        // Others wrote so many meanwhile that it was removed.
        if (text !== undefined) return { ...parsed(folder, found.name, text), number: found.number };
      }
    },
    replace(before, next) {
      const number = (before?.number ?? 0) + 1;
      const { peaks, ...rest } = next;
      const text = JSON.stringify({ ...rest, peaks: Buffer.concat(peaks).toString('hex') });
      if (!heads.make(nameOf(number), text)) return false;
      // One that was kept from running for long wrote below what others have by now.
      if (newest()?.number !== number) {
        heads.remove(nameOf(number));
        return false;
      }
      for (const name of heads.names()) if (name < nameOf(number - STAYING)) heads.remove(name);
      return true;
    },
  };
}

function nameOf(number: number): string {
  return String(Math.max(0, number)).padStart(12, '0');
}

function parsed(folder: string, name: string, text: string): Omit<Anchored, 'number'> {
  const found = Stored.safeParse(jsonIn(text));
  if (!found.success) throw unreadable(folder, `head/${name}`);
  const { peaks, server, log_id, ...rest } = found.data;
  const hashes = (peaks.match(/.{64}/g) ?? []).map((hash) => Buffer.from(hash, 'hex'));
  const named = { ...(server !== undefined && { server }), ...(log_id !== undefined && { log_id }) };
  return { ...rest, peaks: hashes, ...named };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(folder: string, name: string): HoldshortError {
  return new HoldshortError(
    'store_unavailable',
    `${name} in the anchor ${folder} is not as holdshort writes it`,
    'look for who changed it, and put it back from a backup; until then nothing runs',
  );
}
