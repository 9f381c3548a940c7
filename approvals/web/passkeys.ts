import { X509Certificate } from 'node:crypto';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  SettingsService,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers';
import { z } from 'zod';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Assertion, Passkey } from '../../src/kernel/webauthn.ts';
import { ALGORITHMS, coseOf, spkiOf } from './cose.ts';

/** This page as authenticators know it. */
export interface RelyingParty {
  readonly origin: string;
  /** Certificates (PEM) of makers of authenticators, whose attestation is believed; without any, none is. */
  readonly attestationRoots: readonly string[];
}

const Text = z.string().max(20_000);
const credential = { id: Text, rawId: Text, type: z.literal('public-key'), clientExtensionResults: z.looseObject({}) };

/** What browsers send (`PublicKeyCredential.toJSON`); members that nobody looks at are left out. */
export const AssertionResponse = z.object({
  ...credential,
  response: z.object({ clientDataJSON: Text, authenticatorData: Text, signature: Text }),
});
export const RegistrationResponse = z.object({
  ...credential,
  response: z.object({ clientDataJSON: Text, attestationObject: z.string().max(60_000) }),
});

const TIMEOUT_MS = 120_000;

function rpIdOf({ origin }: RelyingParty): string {
  return new URL(origin).hostname;
}

/** What the browser needs to make a passkey. */
export async function registrationOptions(rp: RelyingParty, name: string, hardware: boolean) {
  return generateRegistrationOptions({
    rpName: 'Holdshort',
    rpID: rpIdOf(rp),
    userName: name,
    timeout: TIMEOUT_MS,
    attestationType: hardware ? 'direct' : 'none',
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'required' },
    supportedAlgorithmIDs: [...ALGORITHMS],
  });
}

/** The passkey that was made. Errors: `approval_invalid`. */
export async function registeredPasskey(
  rp: RelyingParty,
  challenge: string,
  hardware: boolean,
  response: z.infer<typeof RegistrationResponse>,
): Promise<Passkey> {
  const certificates = [...rp.attestationRoots];
  SettingsService.setRootCertificates({ identifier: 'packed', certificates });
  const { verified, registrationInfo } = await accepting(() =>
    verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: rp.origin,
      expectedRPID: rpIdOf(rp),
      requireUserVerification: true,
      supportedAlgorithmIDs: [...ALGORITHMS],
    }),
  );
  if (!verified) throw notAccepted('its attestation is not signed by the key that it names');
  const spki = spkiOf(registrationInfo.credential.publicKey);
  if (!spki) throw notAccepted('it is of no kind that is used here');
  // Without roots the library believes any certificate, and an authenticator may also sign for itself: neither says anything.
  const { fmt, aaguid, attestationObject } = registrationInfo;
  const believable = hardware && certificates.length > 0 && fmt === 'packed';
  const attested = believable && (await accepting(async () => isCertified(attestationObject)));
  return {
    format: 'holdshort/passkey/v1',
    credential_id: registrationInfo.credential.id,
    spki,
    origin: rp.origin,
    rp_id: rpIdOf(rp),
    ...(attested ? { attested: aaguid } : {}),
  };
}

/**
 * Whether a maker's certificates vouch for an attestation that the library has verified. The attacker wrote it: the library takes a chain
 * of `null` or 0 for none, and so a self attestation, and lets any certificate sign another one, where a key that somebody got out of one
 * authenticator could vouch for every model.
 */
function isCertified(attestationObject: Uint8Array<ArrayBuffer>): boolean {
  const chain: unknown = decodeAttestationObject(attestationObject).get('attStmt').get('x5c');
  if (!Array.isArray(chain) || chain.length === 0) return false;
  return chain.slice(1).every((issuer) => new X509Certificate(issuer).ca);
}

/** What the browser needs to let this passkey sign. */
export async function assertionOptions(rp: RelyingParty, passkey: Passkey, challenge: string) {
  return generateAuthenticationOptions({
    rpID: rpIdOf(rp),
    timeout: TIMEOUT_MS,
    userVerification: 'required',
    challenge: isoBase64URL.toBuffer(challenge),
    allowCredentials: [{ id: passkey.credential_id }],
  });
}

/** The proof that is stored beside the statement. Errors: `approval_invalid`. */
export async function assertedProof(
  rp: RelyingParty,
  passkey: Passkey,
  challenge: string,
  response: z.infer<typeof AssertionResponse>,
): Promise<string> {
  const { verified } = await accepting(() =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: rp.origin,
      expectedRPID: rpIdOf(rp),
      requireUserVerification: true,
      // The counter says nothing where passkeys are synchronised; what may be used once is the challenge.
      credential: { id: passkey.credential_id, publicKey: coseOf(passkey.spki), counter: 0 },
    }),
  );
  if (!verified) throw notAccepted('its signature is not by this key');
  const { authenticatorData, clientDataJSON, signature } = response.response;
  const proof: Assertion = { authenticator_data: authenticatorData, client_data: clientDataJSON, signature };
  return JSON.stringify(proof);
}

/** The library says what is wrong by throwing. */
async function accepting<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (cause) {
    throw notAccepted(cause instanceof Error ? cause.message.slice(0, 300) : 'it could not be read', cause);
  }
}

export function notAccepted(why: string, cause?: unknown): HoldshortError {
  return new HoldshortError(
    'approval_invalid',
    `what the passkey answered does not count: ${why}`,
    'nothing was decided; load the page again, and use your own passkey with fingerprint, face or PIN',
    cause,
  );
}
