import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { HoldshortError } from '../kernel/errors.ts';
import { parseDocument } from './document.ts';
import { placesOf } from './places.ts';

/** What else an address may say, `connectionTo` tells. A configuration is copied, shown and committed. */
export const StoreAddress = z
  .string()
  .refine((text) => /^postgres(ql)?:\/\//.test(text), {
    error: 'must be the address of a PostgreSQL database: postgres://LOGIN@HOST/DATABASE',
    abort: true,
  })
  .refine((text) => !URL.canParse(text) || new URL(text).password === '', {
    error: 'must have no password in it: put that into a file that PGPASSFILE names, mode 600, and change it',
  });

const Named = z.object({ store: StoreAddress.optional() });
/** A key of this name, maybe: the file has to be read for it. */
const NAMES_ONE = /\bstore["']?\s*:/;

/**
 * The store that a configuration names, whatever else is wrong with that: who verifies a log needs nothing more of it,
 * and is not to verify another one.
 * @param named `--config`
 * @throws config_invalid where it can't be told which one that is
 */
export async function configuredStore(
  env: Readonly<Record<string, string | undefined>>,
  named: string | undefined,
): Promise<string | undefined> {
  const { configDir } = placesOf(env);
  const files = named === undefined ? FILE_NAMES.map((name) => join(configDir, name)) : [resolve(named)];
  const stores = new Set<string>();
  for (const file of files) {
    const store = await storeIn(file, await textOf(file));
    if (store !== undefined) stores.add(store);
  }
  if (stores.size < 2) return [...stores][0];
  throw unclear('there are two configurations, which name different stores', 'keep one of them');
}

/** In the configuration folder; the last only to refuse it. */
export const FILE_NAMES = ['config.yaml', 'config.json', 'config.yml'] as const;

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw unclear(`can't read the configuration ${file}`, 'make the file readable');
  }
}

async function storeIn(file: string, text: string): Promise<string | undefined> {
  if (!NAMES_ONE.test(text)) return undefined;
  const kind = { code: 'config_invalid', until: '', example: 'docs/configuration.md', schema: () => ({}) } as const;
  const { value } = await parseDocument(file, text, kind);
  const parsed = Named.safeParse(value);
  if (parsed.success) return parsed.data.store;
  throw unclear(`${file}: store ${parsed.error.issues[0]?.message ?? 'can not be read'}`, 'correct it');
}

function unclear(what: string, recovery: string): HoldshortError {
  return new HoldshortError('config_invalid', what, `${recovery}, or name the store with --store`);
}
