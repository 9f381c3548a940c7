import { readSpki } from './spki.ts';

/**
 * A passkey's public key as authenticators say it, in the one encoding that CTAP2 allows them; undefined for what isn't
 * a key of a kind that is used here (EdDSA, ES256, RS256). https://www.rfc-editor.org/rfc/rfc9053#section-7
 * @param spki base64
 */
export function coseOf(spki: string): Buffer | undefined {
  const jwk = readSpki(spki)?.export({ format: 'jwk' });
  const bytes = (text: string | undefined) => byteString(Buffer.from(text ?? '', 'base64url'));
  const of = (hex: string) => Buffer.from(hex, 'hex');
  switch (jwk?.crv ?? jwk?.kty) {
    case 'Ed25519':
      // {1: 1, 3: -8, -1: 6, -2: x}
      return Buffer.concat([of('a4010103272006'), of('21'), bytes(jwk?.x)]);
    case 'P-256':
      // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
      return Buffer.concat([of('a5010203262001'), of('21'), bytes(jwk?.x), of('22'), bytes(jwk?.y)]);
    case 'RSA':
      // {1: 3, 3: -257, -1: n, -2: e}
      return Buffer.concat([of('a401030339010020'), bytes(jwk?.n), of('21'), bytes(jwk?.e)]);
    default:
      return undefined;
  }
}

function byteString(bytes: Buffer): Buffer {
  const { length } = bytes;
  const head = length < 24 ? [0x40 | length] : length < 0x100 ? [0x58, length] : [0x59, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}
