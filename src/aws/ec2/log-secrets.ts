import { stripVTControlCharacters } from 'node:util';
import { hideCredentials } from '../../../tools/ports/credentials.ts';
import { HIDDEN } from '../../../tools/ports/masks.ts';

const SECRET_WORD =
  'pass(?:word|wd|phrase|code|(?![a-z]))|pwd|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie';

const OPTION = new RegExp(
  `(--?[A-Za-z0-9-]{0,40}(?:${SECRET_WORD})[ \\t]+)("[^"\\n]*"?|'[^'\\n]*'?|[^\\s-][^\\s]*)`,
  'gi',
);
const XML = new RegExp(`(<[A-Za-z0-9_.:-]{0,60}(?:${SECRET_WORD})[A-Za-z0-9_.:-]{0,60}>)[^<]+`, 'gi');

/**
 * An AWS secret key or a session token standing alone: nothing else in a boot log is this long without a space, but for
 * checksums.
 */
const ALONE =
  /(?<![A-Za-z0-9+/=])(?![0-9a-f]+(?![A-Za-z0-9+/=]))(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[0-9])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g;

/**
 * Console output as an agent may see it: without terminal sequences, which could also split a word so that it isn't
 * known for a secret's name, and without what looks like a credential. Boot scripts print what they were given, and EC2
 * keeps it.
 */
export function hideInLog(text: string): string {
  const plain = stripVTControlCharacters(text).replace(/\r+\n?/g, '\n');
  return hideCredentials(plain).replace(OPTION, `$1${HIDDEN}`).replace(XML, `$1${HIDDEN}`).replace(ALONE, HIDDEN);
}
