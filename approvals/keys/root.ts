import { join } from 'node:path';
import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { PersonName } from '../../src/kernel/statement.ts';
import { createPrivateFile, keysFolder, readPrivateFile } from './key-files.ts';

const FORMAT = 'holdshort/root/v1';

const Root = z.strictObject({
  format: z.literal(FORMAT),
  name: PersonName,
  key: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/),
  /** ISO 8601 */
  pinned_at: z.iso.datetime(),
});

export type Root = z.infer<typeof Root>;

export function rootPath(keysDir: string): string {
  return join(keysDir, 'root.json');
}

/**
 * The first key that was ever enrolled here, on which all others rest. It is pinned in a file outside the database, so
 * that anyone who writes the database can't begin a registry of their own. Undefined when nobody was ever enrolled.
 */
export function readRoot(keysDir: string): Root | undefined {
  const text = readPrivateFile(rootPath(keysDir));
  if (text === undefined) return undefined;
  try {
    return Root.parse(JSON.parse(text));
  } catch (cause) {
    throw new HoldshortError(
      'key_invalid',
      `${rootPath(keysDir)} does not name the first key`,
      'restore it from a backup; without it no decision counts',
      cause,
    );
  }
}

/** The first key as one line, which an executor on another host is given by hand. */
export function rootLine({ name, key }: Pick<Root, 'name' | 'key'>): string {
  return `${FORMAT} ${name} ${key}`;
}

/** @throws usage for what isn't such a line, and nothing else */
export function rootIn(line: string): Pick<Root, 'name' | 'key'> {
  const [format, name, key, ...more] = line.trim().split(' ');
  const parsed = Root.pick({ name: true, key: true }).safeParse({ name, key });
  if (format === FORMAT && parsed.success && more.length === 0) return parsed.data;
  throw new HoldshortError(
    'usage',
    'that is not the line of a first key',
    `give what 'holdshort approvers root' printed where the first key is: ${FORMAT} NAME SHA256:...`,
  );
}

/** Pins the first key, once and for all. @returns false when another one was first */
export async function pinRoot(keysDir: string, root: Omit<Root, 'format'>): Promise<boolean> {
  await keysFolder(keysDir);
  const text = JSON.stringify(Root.parse({ format: FORMAT, ...root }), null, 2);
  return createPrivateFile(rootPath(keysDir), `${text}\n`);
}
