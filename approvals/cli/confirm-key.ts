import type { MakeClaim } from '../../src/kernel/attestation.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Subject } from '../people/enroll.ts';
import { keyKind, makeText } from '../render/key.ts';
import type { CommandContext } from './context.ts';

const TYPED = 8;

/** A person is asked, or a script has the whole fingerprint from one. @throws usage */
export function checkAsked(
  { terminal }: CommandContext,
  { name, id }: Pick<Subject, 'name' | 'id'>,
  key: string,
  yes: boolean | undefined,
): void {
  if (yes && key !== id)
    throw new HoldshortError(
      'usage',
      '--yes only goes together with the whole fingerprint',
      `compare it with the one that ${name} gives you, then say --yes --key SHA256:... in full`,
    );
  if (!yes && !terminal.interactive)
    throw new HoldshortError(
      'usage',
      'there is no terminal to ask you at, so nobody was enrolled',
      'say --yes together with the whole fingerprint: --key SHA256:...',
    );
}

/**
 * Has a person look at a key's fingerprint before it counts for anything, by typing its beginning. Without a terminal
 * nobody can be asked: then the one who wrote the script answers for it.
 * @throws not_confirmed
 */
export async function confirmFingerprint(
  { terminal }: CommandContext,
  key: Subject & { readonly make?: MakeClaim | undefined },
  what: string,
): Promise<void> {
  if (!terminal.interactive) return;
  const kind = keyKind({ publicKey: key.publicKey, maxAssurance: 'key' });
  const make = key.make ? [`  make         ${makeText(key.make)}`] : [];
  terminal.show(
    [`${what}:`, `  name         ${key.name}`, `  kind         ${kind}`, ...make, `  fingerprint  ${key.id}`].join(
      '\n',
    ),
  );
  const typed = await terminal.ask(`Type the first ${TYPED} characters of the fingerprint, after SHA256: `);
  if (typed.replace(/^SHA256:/, '') === key.id.slice('SHA256:'.length, 'SHA256:'.length + TYPED)) return;
  throw new HoldshortError(
    'not_confirmed',
    'that is not how it begins, so nothing was enrolled',
    'look again, and ask its owner',
  );
}
