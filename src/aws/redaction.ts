import { namesSecret } from '../../tools/ports/secret-name.ts';

/** What stands in place of a secret; AWS itself masks NoEcho values like this. */
export const HIDDEN = '****';

/**
 * Hides what is a credential whatever it is called: access key ids, PEM blocks, passwords in URLs. AWS returns all of these in clear
 * from outputs, tags and status reasons when somebody put them there.
 */
export function hideCredentials(text: string): string {
  return text
    .replace(/\b(A[KS]IA)[A-Z0-9]{12,}\b/g, `$1${HIDDEN}`)
    .replace(/-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g, `${HIDDEN} (PEM block)`)
    .replace(/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,100}:)[^\s/@]+@/gi, `$1${HIDDEN}@`);
}

/** A value as it may be shown. The ARN of a secret isn't one. */
export function hideValue(name: string, value: string): string {
  return namesSecret(name) && !/^arn:aws[a-z-]*:/.test(value) ? HIDDEN : hideInText(value);
}

/**
 * Text in which secrets may stand as members of a JSON document (property values and contexts of a change set): members with
 * telling names are hidden at every depth.
 */
function hideInText(text: string): string {
  if (!/^\s*[{[]/.test(text)) return hideCredentials(text);
  try {
    return hideCredentials(JSON.stringify(hideMembers(JSON.parse(text))));
  } catch {
    // Cut off by AWS ("large values can be truncated"), so that names can't be told from values.
    return namesSecret(text) ? HIDDEN : hideCredentials(text);
  }
}

function hideMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideMembers);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  // Lists of `{Name, Value}` (container environments, build variables) carry the name as a value.
  const named = members.find(([key, inner]) => /^(name|key)$/i.test(key) && typeof inner === 'string');
  const secretly = named !== undefined && namesSecret(String(named[1]));
  return Object.fromEntries(
    members.map(([key, inner]) =>
      (namesSecret(key) && typeof inner !== 'boolean') || (secretly && /^value$/i.test(key))
        ? [key, HIDDEN]
        : [key, hideMembers(inner)],
    ),
  );
}
