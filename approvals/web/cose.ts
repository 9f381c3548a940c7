import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { isoBase64URL, isoCBOR } from '@simplewebauthn/server/helpers';

/*
 * The two forms of a passkey's public key: COSE, as authenticators say it and the library takes it, and SPKI, as it is
 * enrolled. https://www.rfc-editor.org/rfc/rfc9053#section-7
 */

/** What the page asks authenticators for: EdDSA, ES256, RS256. */
export const ALGORITHMS: readonly number[] = [-8, -7, -257];

type Cose = Map<number, number | Uint8Array>;

/** Base64. Undefined for a key that isn't of one of `ALGORITHMS`. */
export function spkiOf(cose: Uint8Array<ArrayBuffer>): string | undefined {
  const map = isoCBOR.decodeFirst<Cose>(cose);
  const jwk = jwkOf(map);
  if (!jwk) return undefined;
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' }).toString('base64');
}

function jwkOf(map: Cose): JsonWebKey | undefined {
  const text = (label: number) => {
    const bytes = map.get(label);
    return bytes instanceof Uint8Array ? isoBase64URL.fromBuffer(new Uint8Array(bytes)) : '';
  };
  switch (map.get(3)) {
    case -8:
      return map.get(-1) === 6 ? { kty: 'OKP', crv: 'Ed25519', x: text(-2) } : undefined;
    case -7:
      return map.get(-1) === 1 ? { kty: 'EC', crv: 'P-256', x: text(-2), y: text(-3) } : undefined;
    case -257:
      return { kty: 'RSA', n: text(-1), e: text(-2) };
    default:
      return undefined;
  }
}

/** @param spki base64, of a key that `spkiOf` gave */
export function coseOf(spki: string): Uint8Array<ArrayBuffer> {
  const jwk = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  });
  const bytes = (text: string | undefined) => isoBase64URL.toBuffer(text ?? '');
  switch (jwk.kty) {
    case 'OKP':
      return isoCBOR.encode(
        new Map<number, number | Uint8Array>([
          [1, 1],
          [3, -8],
          [-1, 6],
          [-2, bytes(jwk.x)],
        ]),
      );
    case 'EC':
      return isoCBOR.encode(
        new Map<number, number | Uint8Array>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, bytes(jwk.x)],
          [-3, bytes(jwk.y)],
        ]),
      );
    default:
      return isoCBOR.encode(
        new Map<number, number | Uint8Array>([
          [1, 3],
          [3, -257],
          [-1, bytes(jwk.n)],
          [-2, bytes(jwk.e)],
        ]),
      );
  }
}
