import { generateKeyPairSync, sign } from 'node:crypto';
import { der, ECDSA_WITH_SHA256, oid, pem, sequence, validity } from './der.ts';

/*
 * A certificate for one host name, signed by itself: Node makes keys and signatures but no certificates, and these
 * tests need nothing else. https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */

/**
 * @param daysLater than one that is valid from yesterday for two days
 * @returns PEM, as Node's TLS takes them
 */
export function certificateFor(host: string, daysLater = 0): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(host)))));
  const names = sequence(oid('551d11'), der(0x04, sequence(der(0x82, Buffer.from(host)))));
  const content = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    ECDSA_WITH_SHA256,
    name,
    validity(daysLater),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(names)),
  );
  const signature = der(0x03, Buffer.of(0), sign('sha256', content, privateKey));
  return {
    cert: pem(sequence(content, ECDSA_WITH_SHA256, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
