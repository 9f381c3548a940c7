import { hideCredentials } from '../../tools/ports/credentials.ts';
import { sha256 } from '../kernel/digest.ts';
import { boundedText } from '../kernel/safe-text.ts';

/** In so much credentials are looked for: a message has up to 4 MiB, and in all of that it takes seconds. */
const LOOKED_AT = 4_096;

/** A sender's text of at most `characters`, far fewer than are looked at, without credentials. Printable ASCII. */
export function briefly(text: string, characters: number): string {
  return boundedText(hideCredentialsIn(text), characters, sha256);
}

/** Without credentials, of a text of which no more than its beginning is shown. */
export function hideCredentialsIn(text: string): string {
  return hideCredentials(text.slice(0, LOOKED_AT)) + text.slice(LOOKED_AT);
}
