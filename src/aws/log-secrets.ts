import { stripVTControlCharacters } from 'node:util';
import { hideCredentials } from '../../tools/ports/credentials.ts';
import { HIDDEN } from '../../tools/ports/masks.ts';

const SECRET_WORD =
  'pass(?:word|wd|phrase|code|(?![a-z]))|pwd|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie';

/** `DB_PASSWORD=…`, `"secret": "…"`, `--token …`, `password is: …`; the rest of the line where it is quoted. */
const ASSIGNED = new RegExp(
  `((?:^|[^A-Za-z0-9])[A-Za-z0-9_.-]{0,60}(?:${SECRET_WORD})[A-Za-z0-9_.-]{0,60}["']?(?:[ \\t]+is)?[ \\t]{0,8}[:=]{1,2}>?[ \\t]{0,8})("[^"\\n]*"?|'[^'\\n]*'?|(?:(?:Basic|Bearer|Digest)[ \\t]+)?[^\\s"']+)`,
  'gim',
);
const OPTION = new RegExp(
  `(--?[A-Za-z0-9-]{0,40}(?:${SECRET_WORD})[ \\t]+)("[^"\\n]*"?|'[^'\\n]*'?|[^\\s-][^\\s]*)`,
  'gi',
);
const XML = new RegExp(`(<[A-Za-z0-9_.:-]{0,60}(?:${SECRET_WORD})[A-Za-z0-9_.:-]{0,60}>)[^<]+`, 'gi');

/** What is a secret by its form, whatever stands in front of it. */
const BY_FORM = [
  /\b(?:Bearer|Basic)[ \t]+[A-Za-z0-9._~+/=-]{8,}/gi,
  // JSON Web Tokens
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g,
  // GitHub, GitLab, Slack, Stripe, npm
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk_live_|rk_live_|npm_)[A-Za-z0-9_-]{10,}/g,
  // crypt(3): the hashes of /etc/shadow
  /\$(?:1|2[abxy]|5|6|y)\$[./A-Za-z0-9$=,]{8,}/g,
  // An AWS secret key or a session token standing alone: nothing else in a boot log is this long without a space, but for checksums.
  /(?<![A-Za-z0-9+/=])(?![0-9a-f]+(?![A-Za-z0-9+/=]))(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[0-9])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g,
];

/**
 * Console output as an agent may see it: without terminal sequences, which could also split a word so that it isn't known for a
 * secret's name, and without what looks like a credential. Boot scripts print what they were given, and EC2 keeps it.
 */
export function hideInLog(text: string): string {
  const plain = stripVTControlCharacters(text).replace(/\r+\n?/g, '\n');
  const named = hideCredentials(plain)
    .replace(ASSIGNED, `$1${HIDDEN}`)
    .replace(OPTION, `$1${HIDDEN}`)
    .replace(XML, `$1${HIDDEN}`);
  return BY_FORM.reduce((hidden, form) => hidden.replace(form, HIDDEN), named);
}
