import { createHash, X509Certificate } from 'node:crypto';
import { coseOf } from './cose.ts';
import { type Attestation, isSignedOver, type Passkey } from './webauthn.ts';

/*
 * Which maker vouches for a passkey: the attestation that is in the enrolled key, checked again by every gate against
 * the makers that are configured at that moment. The attacker writes requests by hand: what a key says of itself is a
 * claim until this has verified it. https://www.w3.org/TR/webauthn-3/#sctn-packed-attestation
 */

/** Certificates (PEM, one each) of the makers whose attestation is believed. */
export type Makers = readonly string[];

export type MakeClaim =
  /** `maker` is the subject of the root. */
  { readonly verified: true; readonly maker: string } | { readonly verified: false; readonly why: string };

const PRESENT_VERIFIED_AND_ATTESTED = 0x45;
/** id-fido-gen-ce-aaguid, 1.3.6.1.4.1.45724.1.1.4 */
const MODEL_EXTENSION = Buffer.from('2b0601040182e51c010104', 'hex');
const EXTENSIONS = 0xa3;
const OBJECT_IDENTIFIER = 0x06;
const OCTET_STRING = 0x04;

/**
 * What there is to a passkey's claim that a maker made its authenticator; undefined where it claims nothing.
 * @param at ISO 8601: when all certificates must be good, where someone is about to believe it for the first time. An
 *   authenticator may outlive the dates in its certificate, so later gates don't ask.
 */
export function makeClaimOf(passkey: Passkey, makers: Makers, at?: string): MakeClaim | undefined {
  const { attestation } = passkey;
  if (!attestation) return undefined;
  try {
    const about = whyNotAbout(passkey, attestation);
    return about === undefined ? verifiedBy(attestation, makers, at) : unverified(about);
  } catch {
    return unverified('its attestation can not be read');
  }
}

/** Is it about this very credential, made on this page, by a holder who was present and verified? */
function whyNotAbout(passkey: Passkey, { auth_data, client_data }: Attestation): string | undefined {
  const said = JSON.parse(Buffer.from(client_data, 'base64url').toString('utf8'));
  if (said.type !== 'webauthn.create' || said.origin !== passkey.origin) return 'it was made on another page';
  if (said.crossOrigin === true || said.topOrigin !== undefined) return 'it was made in a frame';
  const data = Buffer.from(auth_data, 'base64url');
  if (!data.subarray(0, 32).equals(sha256(Buffer.from(passkey.rp_id)))) return 'it was made for another host';
  if ((data.readUInt8(32) & PRESENT_VERIFIED_AND_ATTESTED) !== PRESENT_VERIFIED_AND_ATTESTED)
    return 'its holder was not present and verified';
  const key = 55 + data.readUInt16BE(53);
  const cose = coseOf(passkey.spki);
  const isThisKey = cose && data.subarray(key, key + cose.length).equals(cose);
  const isThisId = data.subarray(55, key).equals(Buffer.from(passkey.credential_id, 'base64url'));
  return isThisKey && isThisId ? undefined : 'its attestation is about another key';
}

function verifiedBy(attestation: Attestation, makers: Makers, at: string | undefined): MakeClaim {
  const chain = attestation.certificates.map((text) => new X509Certificate(Buffer.from(text, 'base64url')));
  const data = Buffer.from(attestation.auth_data, 'base64url');
  const [leaf] = chain;
  if (!leaf || !isAboutModel(leaf, data.subarray(37, 53))) return unverified('its certificate is about something else');
  const signed = Buffer.concat([data, sha256(Buffer.from(attestation.client_data, 'base64url'))]);
  if (!isSignedOver(leaf.publicKey, signed, Buffer.from(attestation.signature, 'base64url')))
    return unverified('its attestation is not signed by the key in its certificate');
  const isWhole = chain.every((certificate, index) => index === 0 || issued(certificate, chain[index - 1] ?? leaf));
  const last = chain.at(-1) ?? leaf;
  const root = makers
    .map((pem) => new X509Certificate(pem))
    .find((one) => issued(one, last) || (chain.length > 1 && one.ca && one.raw.equals(last.raw)));
  if (!isWhole || !root) return unverified('no maker in web.attestation_roots vouches for it');
  if (at !== undefined && ![...chain, root].every((one) => isGoodAt(one, Date.parse(at))))
    return unverified('a certificate of its maker is over, or not good yet');
  return { verified: true, maker: root.subject.replaceAll('\n', ', ') };
}

/**
 * Anyone who got the key out of one authenticator would make certificates for all, were its certificate that of a
 * maker.
 */
function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/**
 * A maker also certifies other things than authenticators; and where a certificate names the model, it is for that one
 * alone.
 */
function isAboutModel(leaf: X509Certificate, model: Buffer): boolean {
  const isAttestation = leaf.subject.split('\n').includes('OU=Authenticator Attestation');
  return isAttestation && !leaf.ca && modelsIn(leaf.raw).every((one) => one.equals(model));
}

function isGoodAt({ validFrom, validTo }: X509Certificate, at: number): boolean {
  return Date.parse(validFrom) <= at && at <= Date.parse(validTo);
}

/** Node shows no extensions, so they are read here. https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function modelsIn(certificate: Buffer): readonly Buffer[] {
  const [content] = inside(only(certificate));
  const lists = inside(content).flatMap(({ tag, body }) => (tag === EXTENSIONS ? [only(body)] : []));
  return lists.flatMap(inside).flatMap((extension) => {
    const parts = inside(extension);
    const isModel = parts.some(({ tag, body }) => tag === OBJECT_IDENTIFIER && body.equals(MODEL_EXTENSION));
    return isModel ? [only(parts.find(({ tag }) => tag === OCTET_STRING)?.body).body] : [];
  });
}

interface Element {
  readonly tag: number;
  readonly body: Buffer;
}

function only(der: Buffer | undefined): Element {
  const [element, more] = der ? elementsOf(der) : [];
  if (!element || more) throw new Error('not one element');
  return element;
}

function inside(element: Element | undefined): readonly Element[] {
  if (!element) throw new Error('nothing there');
  return elementsOf(element.body);
}

/** The elements of DER one after the other. @throws Error where a length goes beyond its end */
function elementsOf(der: Buffer): readonly Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < der.length; ) {
    const first = der.readUInt8(at + 1);
    const more = first < 0x80 ? 0 : first & 0x7f;
    const length = first < 0x80 ? first : der.readUIntBE(at + 2, more);
    const start = at + 2 + more;
    if (start + length > der.length) throw new Error('it ends early');
    elements.push({ tag: der.readUInt8(at), body: der.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}

function unverified(why: string): MakeClaim {
  return { verified: false, why };
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
