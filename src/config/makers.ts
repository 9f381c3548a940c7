import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Makers } from '../kernel/attestation.ts';
import { HoldshortError } from '../kernel/errors.ts';

/**
 * The makers of authenticators in a PEM file, as everyone who weighs an approval reads them: the page, the other ways
 * to decide and the executor. Without a file there are none.
 * @throws config_invalid
 */
export function readMakers(file: string | undefined): Makers {
  if (file === undefined) return [];
  try {
    const text = readFileSync(file, 'utf8');
    const found = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
    if (found.length > 0) return found.map((one) => new X509Certificate(one).toString());
  } catch (cause) {
    throw new HoldshortError(
      'config_invalid',
      `can't read the certificates in web.attestation_roots, ${file}`,
      'name a PEM file with the certificates of makers of authenticators, or leave it out',
      cause,
    );
  }
  throw new HoldshortError('config_invalid', `${file} holds no certificate`, 'it must be PEM, as makers publish it');
}
