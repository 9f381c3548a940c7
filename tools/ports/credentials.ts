import { HIDDEN } from './masks.ts';
import { namedValuesIn, placesOf, type Span } from './named-values.ts';

/**
 * What is a credential whatever it is called; the first group is what goes. Each is bounded, so that no text takes
 * long.
 */
const FORMS = [
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  /\bA[KS]IA([A-Z0-9]{12,124})\b/dg,
  // A secret access key has no form but its length, which SHA-1 has too: only beside a key id, or words that say so.
  /(?:\bA[KS]IA[A-Z0-9]{12,124}|secret|access[ _-]?key)[\s\S]{1,100}?(?<![A-Za-z0-9+/])(?![0-9a-f]{40})([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/dgi,
  // https://datatracker.ietf.org/doc/html/rfc7468#section-2
  /(-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$))/dg,
  // https://datatracker.ietf.org/doc/html/rfc3986#section-3.2.1, as it is and percent-encoded
  /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,100}:([^\s/@]+)@/dgi,
  /%3A%2F%2F[^\s/:@%]{0,100}%3A([^\s/@]{1,300}?)%40/dgi,
  // https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
  /(?<![A-Za-z0-9])(gh[pousr]_\w{20,}|github_pat_\w{20,})/dg,
  // https://docs.gitlab.com/security/tokens/#token-prefixes
  /(?<![A-Za-z0-9])(gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat)-[\w.-]{20,})/dg,
  // https://docs.slack.dev/authentication/tokens and /messaging/sending-messages-using-incoming-webhooks
  /(?<![A-Za-z0-9])(xox[a-z](?:\.xox[a-z])?-[\w-]{10,}|xapp-[\w-]{10,})/dg,
  /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/([\w/-]{10,})/dg,
  // https://docs.stripe.com/keys and /webhooks/signature; publishable keys (pk_) are no secrets
  /(?<![A-Za-z0-9])([sr]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,})/dg,
  // https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/
  /(?<![A-Za-z0-9])(npm_[A-Za-z0-9]{30,})/dg,
  // https://pypi.org/help/#apitoken: a macaroon, whose first bytes say pypi.org or test.pypi.org
  /(?<![A-Za-z0-9])(pypi-AgE[\w-]{16,})/dg,
  // https://docs.cloud.google.com/docs/authentication/api-keys
  /(?<![A-Za-z0-9])(AIza[\w-]{35,})/dg,
  // JSON Web Tokens, signed and encrypted: https://datatracker.ietf.org/doc/html/rfc7519#section-3
  /(?<![\w-])(?:[\w-]{0,40}[_-])?(eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*){0,3})/dg,
  // https://datatracker.ietf.org/doc/html/rfc6750#section-2.1, rfc7617#section-2; "basic monitoring" has no digit
  /\b(?:Bearer|Basic)[ \t]{1,8}(?=[\w.~+/-]*[0-9=])([\w.~+/-]{8,}=*)/dgi,
  // The hashes of /etc/shadow: https://man7.org/linux/man-pages/man5/crypt.5.html
  /(\$(?:1|2[abxy]|5|6|y)\$[./A-Za-z0-9$=,]{8,})/dg,
];

/** Credentials within a text, by their forms and by the names in front of them, in order and apart from each other. */
export function credentialsIn(text: string): readonly Span[] {
  const formed = FORMS.flatMap((form) => placesOf(form, text).flatMap(({ indices }) => spanOf(indices?.[1])));
  return apart([...formed, ...namedValuesIn(text)]);
}

function spanOf(found: Span | undefined): readonly Span[] {
  return found ? [found] : [];
}

/** In order; what begins within another goes with it. */
function apart(spans: readonly Span[]): readonly Span[] {
  const found: Span[] = [];
  for (const span of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && span[0] < last[1]) found[found.length - 1] = [last[0], Math.max(last[1], span[1])];
    else found.push(span);
  }
  return found;
}

/** The text with something else in place of some parts of it. */
export function replacedIn(text: string, spans: readonly Span[], by: (part: string, at: number) => string): string {
  let result = '';
  let from = 0;
  for (const [at, [start, end]] of spans.entries()) {
    result += text.slice(from, start) + by(text.slice(start, end), at);
    from = end;
  }
  return result + text.slice(from);
}

/**
 * Hides credentials. AWS returns all of these in clear from outputs, tags and status reasons when someone put them
 * there.
 */
export function hideCredentials(text: string, mask = HIDDEN): string {
  return replacedIn(text, credentialsIn(text), () => mask);
}

/**
 * Names of members, each as it may be shown: a name may hold a secret too (who a token is of). Two that differ stay
 * two; as one the second would take the place of the first, and of what that says nothing would be judged.
 */
export function hideNames(names: readonly string[]): readonly string[] {
  const taken = new Set(names);
  let number = 1;
  return names.map((name) => {
    let shown = hideCredentials(name);
    if (shown === name) return name;
    while (taken.has(shown)) shown = hideCredentials(name, `[hidden:secret-${++number}]`);
    taken.add(shown);
    return shown;
  });
}

/** Shorter ones would take ordinary words with them, and are no secrets. */
const SHORTEST = 4;

/**
 * Hides values that were given in a request, wherever AWS repeats them: in whatever case, which many names lose, and of
 * lists each member, wherever a function put it.
 */
export function hideGiven(text: string, secrets: readonly string[]): string {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split(',').map((member) => member.trim())]);
  const hidden = [...new Set(parts)].filter((part) => part.length >= SHORTEST).sort((a, b) => b.length - a.length);
  if (hidden.length === 0) return text;
  const any = hidden.map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
  return text.replace(new RegExp(any, 'giu'), HIDDEN);
}
