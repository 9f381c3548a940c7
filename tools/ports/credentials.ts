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

/** Shorter ones would take ordinary words with them, and are no secrets. */
const SHORTEST = 4;

/** Hides values that were given in a request, wherever AWS repeats them. */
export function hideGiven(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= SHORTEST)
    .sort((a, b) => b.length - a.length)
    .reduce((hidden, secret) => hidden.replaceAll(secret, HIDDEN), text);
}
