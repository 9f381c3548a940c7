/**
 * Asymmetric signatures only. With HS256 on this list the issuer's public key, which everyone can fetch, would be the
 * secret that signs (RFC 8725, 3.1); `none` is no signature.
 */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
