import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  SettingsService,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers';
import { z } from 'zod';
import type { Makers } from '../../src/kernel/attestation.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { type Assertion, Attestation, type Passkey } from '../../src/kernel/webauthn.ts';
import { ALGORITHMS, coseOf, spkiOf } from './cose.ts';

/** This page as authenticators know it. */
export interface RelyingParty {
  readonly origin: string;
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

/**
 * The passkey that was made; where `hardware` is wanted, with what it says of its make, for the kernel to verify.
 * @throws approval_invalid
 */
export async function registeredPasskey(
  rp: RelyingParty,
  asked: { readonly challenge: string; readonly hardware: boolean; readonly makers: Makers },
  response: z.infer<typeof RegistrationResponse>,
): Promise<Passkey> {
  const certificates = [...asked.makers];
  SettingsService.setRootCertificates({ identifier: 'packed', certificates });
  const { verified, registrationInfo } = await accepting(() =>
    verifyRegistrationResponse({
      response,
      expectedChallenge: asked.challenge,
      expectedOrigin: rp.origin,
      expectedRPID: rpIdOf(rp),
      requireUserVerification: true,
      supportedAlgorithmIDs: [...ALGORITHMS],
    }),
  );
  if (!verified) throw notAccepted('its attestation is not signed by the key that it names');
  const spki = spkiOf(registrationInfo.credential.publicKey);
  if (!spki) throw notAccepted('it is of no kind that is used here');
  const { fmt, attestationObject } = registrationInfo;
  const wanted = asked.hardware && fmt === 'packed';
  const clientData = response.response.clientDataJSON;
  const attestation = wanted ? await accepting(async () => attestationIn(attestationObject, clientData)) : undefined;
  return {
    format: 'holdshort/passkey/v1',
    credential_id: registrationInfo.credential.id,
    spki,
    origin: rp.origin,
    rp_id: rpIdOf(rp),
    ...(attestation ? { attestation } : {}),
  };
}

/**
 * The parts of an attestation by a maker. Undefined for one in which an authenticator vouches for itself: that says
 * nothing.
 */
function attestationIn(object: Uint8Array<ArrayBuffer>, clientData: string): Attestation | undefined {
  const decoded = decodeAttestationObject(object);
  const chain: unknown = decoded.get('attStmt').get('x5c');
  if (!Array.isArray(chain) || chain.length === 0) return undefined;
  return Attestation.parse({
    auth_data: Buffer.from(decoded.get('authData')).toString('base64url'),
    client_data: Buffer.from(clientData, 'base64url').toString('base64url'),
    signature: Buffer.from(decoded.get('attStmt').get('sig') ?? '').toString('base64url'),
    certificates: chain.map((one) => Buffer.from(one).toString('base64url')),
  });
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

/** The proof that is stored beside the statement. @throws approval_invalid */
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
