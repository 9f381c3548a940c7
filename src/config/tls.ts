import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { HoldshortError } from '../kernel/errors.ts';
import type { Hub } from './hub.ts';

/** What a hub ends TLS with. */
export interface Tls {
  /** PEM texts. */
  readonly cert: string;
  readonly key: string;
  /** Why clients would refuse the certificate: a proxy in front of the hub may take it nevertheless. */
  readonly doubts: readonly string[];
}

/**
 * The two files, read and held against each other at the start: what doesn't fit would otherwise be told of by OpenSSL,
 * without a word of which file.
 * @throws config_invalid
 */
export function tlsOf(
  { tls, url }: Pick<Hub, 'tls' | 'url'>,
  at: (path: string) => string,
  now: Date,
): Tls | undefined {
  if (!tls) return undefined;
  const [certificate, key] = [at(tls.certificate), at(tls.key)];
  const refused = (problem: string) => (cause?: unknown) =>
    new HoldshortError('config_invalid', problem, 'correct hub.tls', cause);
  const read = (path: string) => or(() => readFileSync(path, 'utf8'), refused(`can't read ${path}`));
  const [certText, keyText] = [read(certificate), read(key)];
  const parsed = or(() => new X509Certificate(certText), refused(`${certificate} has no certificate in PEM`));
  const secret = or(() => createPrivateKey(keyText), refused(`${key} has no private key in PEM without a passphrase`));
  if (!parsed.checkPrivateKey(secret)) throw refused(`${key} is not the key of the certificate in ${certificate}`)();
  return { cert: certText, key: keyText, doubts: doubtsOf(parsed, new URL(url).hostname, now.getTime()) };
}

function or<T>(work: () => T, refused: (cause: unknown) => HoldshortError): T {
  try {
    return work();
  } catch (error) {
    throw refused(error);
  }
}

function doubtsOf(certificate: X509Certificate, host: string, now: number): readonly string[] {
  const { validFrom, validTo } = certificate;
  const doubts: string[] = [];
  if (Date.parse(validTo) <= now) doubts.push(`it expired on ${validTo}`);
  if (Date.parse(validFrom) > now) doubts.push(`it is not valid yet, but from ${validFrom}`);
  const name = host.replace(/^\[(.*)\]$/, '$1');
  const isFor = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
  if (isFor === undefined) doubts.push(`it is not for ${name}`);
  return doubts;
}
