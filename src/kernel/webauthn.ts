import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { readSpki } from './spki.ts';

/*
 * Passkeys: what an authenticator says when someone touches it and proves to be its holder. The page registers and asks
 * with a library; here an assertion is checked again before an effect, from what was enrolled and nothing else.
 * https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion
 */

const Base64Url = z.string().regex(/^[A-Za-z0-9_-]+$/);

/**
 * What an authenticator said when it made the passkey (format `packed`), taken apart. A claim: `attestation.ts`
 * verifies it.
 */
export const Attestation = z.strictObject({
  auth_data: Base64Url.max(4000),
  client_data: Base64Url.max(4000),
  signature: Base64Url.max(2000),
  /** DER: of the key that signed, then of the one who issued each. */
  certificates: z.array(Base64Url.max(6000)).min(1).max(4),
});
export type Attestation = z.infer<typeof Attestation>;

/** What is enrolled of a passkey. Its text, as `passkeyText` writes it, is the public key in an enrolment. */
export const Passkey = z.strictObject({
  format: z.literal('holdshort/passkey/v1'),
  credential_id: Base64Url.max(1400),
  /** SPKI, base64. */
  spki: z.string().max(1000),
  /** The page where it was enrolled, and the only one whose assertions count: scheme, host and port. */
  origin: z.string().max(300),
  rp_id: z.string().max(253),
  /** Where its holder wants it to count as made by a known maker. */
  attestation: Attestation.optional(),
});
export type Passkey = z.infer<typeof Passkey>;

/** An assertion as it is stored beside the statement. */
const Assertion = z.strictObject({
  authenticator_data: Base64Url.max(4000),
  client_data: Base64Url.max(4000),
  signature: Base64Url.max(2000),
});
export type Assertion = z.infer<typeof Assertion>;

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;

export function passkeyText(passkey: Passkey): string {
  return JSON.stringify(Passkey.parse(passkey));
}

/** Undefined for what isn't a passkey in its one spelling, with its key in its own. */
export function readPasskey(text: string): Passkey | undefined {
  try {
    const passkey = Passkey.parse(JSON.parse(text));
    return passkeyText(passkey) === text && readSpki(passkey.spki) ? passkey : undefined;
  } catch {
    return undefined;
  }
}

/** What the authenticator is asked to sign: the hash of the statement in our domain. */
export function challengeOf(message: Buffer): string {
  return createHash('sha256').update(message).digest('base64url');
}

/**
 * Did this passkey's holder, present and verified, sign this message on the page where the key was enrolled? The
 * attacker may have written the assertion, may hold one about another message, and may run a page of their own on
 * another port or in a frame.
 */
export function isAssertedBy(evidence: string, message: Buffer, passkey: Passkey): boolean {
  try {
    const assertion = Assertion.parse(JSON.parse(evidence));
    const clientData = Buffer.from(assertion.client_data, 'base64url');
    const said = JSON.parse(clientData.toString('utf8'));
    if (said.type !== 'webauthn.get' || said.challenge !== challengeOf(message)) return false;
    // RP ids know no ports, so `localhost` is every page on this machine: the whole origin is compared.
    if (said.origin !== passkey.origin) return false;
    // Another page may have framed ours.
    if (said.crossOrigin === true || said.topOrigin !== undefined) return false;
    const data = Buffer.from(assertion.authenticator_data, 'base64url');
    const rpIdHash = createHash('sha256').update(passkey.rp_id).digest();
    if (data.length < 37 || !data.subarray(0, 32).equals(rpIdHash)) return false;
    const flags = data[32] ?? 0;
    if ((flags & USER_PRESENT) === 0 || (flags & USER_VERIFIED) === 0) return false;
    const key = createPublicKey({ key: Buffer.from(passkey.spki, 'base64'), format: 'der', type: 'spki' });
    const hash = createHash('sha256').update(clientData).digest();
    return isSignedOver(key, Buffer.concat([data, hash]), Buffer.from(assertion.signature, 'base64url'));
  } catch {
    return false;
  }
}

/** ES256, EdDSA and RS256: what authenticators make, and what the page asks for. */
export function isSignedOver(key: KeyObject, data: Buffer, signature: Buffer): boolean {
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return verify(null, data, key, signature);
    case 'ec':
      return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' && verify('sha256', data, key, signature);
    case 'rsa':
      return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 && verify('sha256', data, key, signature);
    default:
      return false;
  }
}
