import { HIDDEN, hideCredentials } from '../../tools/ports/credentials.ts';
import { namesSecret } from '../../tools/ports/secret-name.ts';

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
