import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { der, ECDSA_WITH_SHA256, oid, pem, sequence, validity } from './der.ts';

/*
 * Makers of authenticators and what they make, by hand, so that each part of an attestation can be wrong.
 * https://www.w3.org/TR/webauthn-3/#sctn-packed-attestation
 */

const SHA256_WITH_RSA = sequence(oid('2a864886f70d01010b'), der(0x05));

/** A key and the certificate about it. */
export interface Certified {
  readonly subject: Buffer;
  readonly key: KeyObject;
  readonly certificate: Buffer;
  readonly pem: string;
}

interface About {
  /** Who vouches for it; absent for a root. */
  readonly by?: Certified;
  readonly ca?: boolean;
  readonly kind?: 'ec' | 'rsa';
  readonly unit?: string;
  /** The model that it is about, as the FIDO extension says it. */
  readonly aaguid?: Buffer;
  readonly daysLater?: number;
}

/** A certificate for a new key. Without anything said about it: one of an attestation. */
export function certified(
  name: string,
  { by, ca = false, kind = 'ec', unit = 'Authenticator Attestation', aaguid, daysLater = 0 }: About = {},
): Certified {
  const { publicKey, privateKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const subject = nameOf(name, unit);
  const signer = by?.key ?? privateKey;
  const algorithm = signer.asymmetricKeyType === 'rsa' ? SHA256_WITH_RSA : ECDSA_WITH_SHA256;
  const constraints = sequence(
    oid('551d13'),
    der(0x01, Buffer.of(0xff)),
    der(0x04, sequence(...(ca ? [der(0x01, Buffer.of(0xff))] : []))),
  );
  const model = aaguid && sequence(oid('2b0601040182e51c010104'), der(0x04, der(0x04, aaguid)));
  const content = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    by?.subject ?? subject,
    validity(daysLater),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(constraints, ...(model ? [model] : []))),
  );
  const certificate = sequence(content, algorithm, der(0x03, Buffer.of(0), sign('sha256', content, signer)));
  return { subject, key: privateKey, certificate, pem: pem(certificate) };
}

function nameOf(name: string, unit: string): Buffer {
  const part = (type: string, tag: number, text: string) => der(0x31, sequence(oid(type), der(tag, Buffer.from(text))));
  return sequence(
    part('550406', 0x13, 'CH'),
    part('55040a', 0x0c, 'Example Keys'),
    part('55040b', 0x0c, unit),
    part('550403', 0x0c, name),
  );
}

const hash = (data: Buffer | string) => createHash('sha256').update(data).digest();

/** An authenticator of that model, with one new credential for `localhost`. */
export function device(aaguid: Buffer, origin: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const id = randomBytes(32);
  const cose = isoCBOR.encode(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
      [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
    ]),
  );
  const data = (flags: number, ...more: readonly Buffer[]) =>
    Buffer.concat([hash('localhost'), Buffer.of(flags, 0, 0, 0, 1), ...more]);
  const client = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const credential = (response: Record<string, Buffer>) => ({
    id: id.toString('base64url'),
    rawId: id.toString('base64url'),
    type: 'public-key',
    clientExtensionResults: {},
    response: Object.fromEntries(Object.entries(response).map(([name, part]) => [name, part.toString('base64url')])),
  });
  return {
    key: privateKey,
    /** @param statement the attestation statement over those bytes; none for the format `none` */
    made(challenge: string, statement?: (signed: Buffer) => Record<string, unknown>) {
      const clientDataJSON = client('webauthn.create', challenge);
      const authData = data(0x45, aaguid, Buffer.of(0, id.length), id, Buffer.from(cose));
      const said = statement?.(Buffer.concat([authData, hash(clientDataJSON)]));
      const attestationObject = isoCBOR.encode(
        new Map<string, any>([
          ['fmt', said ? 'packed' : 'none'],
          ['attStmt', new Map(Object.entries(said ?? {}))],
          ['authData', new Uint8Array(authData)],
        ]),
      );
      return credential({ clientDataJSON, attestationObject: Buffer.from(attestationObject) });
    },
    asserted(challenge: string) {
      const clientDataJSON = client('webauthn.get', challenge);
      const authenticatorData = data(0x05);
      const signature = sign('sha256', Buffer.concat([authenticatorData, hash(clientDataJSON)]), privateKey);
      return credential({ clientDataJSON, authenticatorData, signature });
    },
  };
}

/** A packed attestation: signed by that key, with these certificates beside it. */
export function packed(key: KeyObject, x5c: unknown): (signed: Buffer) => Record<string, unknown> {
  return (signed) => ({
    alg: -7,
    sig: new Uint8Array(sign('sha256', signed, key)),
    ...(x5c === undefined
      ? {}
      : { x5c: Array.isArray(x5c) ? x5c.map(({ certificate }) => new Uint8Array(certificate)) : x5c }),
  });
}
