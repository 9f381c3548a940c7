import { readFile } from 'node:fs/promises';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { type KeyFile, type Signer, unlockKey } from '../keys/keys.ts';
import { SHORTEST_PASSPHRASE } from '../keys/passphrase.ts';
import type { CommandContext } from './context.ts';

/** Opens a key for signing, with the passphrase from `--passphrase-file` or from the person. */
export function unlockHere(context: CommandContext, file: KeyFile, passphraseFile?: string): Promise<Signer> {
  return unlockKey(file, async () => {
    if (passphraseFile !== undefined) return readPassphrase(passphraseFile);
    if (context.terminal.interactive) return context.terminal.askSecret(`Passphrase of ${file.name}'s key: `);
    throw new HoldshortError(
      'usage',
      `${file.name}'s key has a passphrase, and there is no terminal to ask for it`,
      'say --passphrase-file FILE',
    );
  });
}

/** The passphrase of a key that is being made; undefined for none. Only a person or a flag may choose none. */
export async function newPassphrase(
  { terminal }: CommandContext,
  options: { readonly passphrase?: boolean | undefined; readonly passphraseFile?: string | undefined },
  name: string,
): Promise<string | undefined> {
  if (options.passphrase === false) {
    if (options.passphraseFile === undefined) return undefined;
    throw new HoldshortError('usage', '--no-passphrase and --passphrase-file exclude each other', 'say one of them');
  }
  if (options.passphraseFile !== undefined) return readPassphrase(options.passphraseFile);
  if (!terminal.interactive)
    throw new HoldshortError(
      'usage',
      'a new key needs a passphrase, and there is no terminal to ask for it',
      'say --passphrase-file FILE, or --no-passphrase',
    );
  const first = await terminal.askSecret(
    `Passphrase for ${name}'s new key (at least ${SHORTEST_PASSPHRASE} characters): `,
  );
  if ((await terminal.askSecret('Once more: ')) === first) return first;
  throw new HoldshortError('not_confirmed', 'the two passphrases differ', 'try again');
}

async function readPassphrase(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new HoldshortError(
      'usage',
      `the passphrase file ${path} can't be read`,
      'give the path of a text file',
      cause,
    );
  }
}
