import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

/*
 * Signatures that `ssh-keygen -Y sign` makes (https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig),
 * by ordinary keys and by security keys (PROTOCOL.u2f beside it). `ssh-keygen -Y verify` ignores what a security key
 * says about touch and verification, and takes a claimed principal for a name: so the blob is read here, and whose key
 * it is was settled by enrolment.
 */

/** Ours alone: what someone signed for git, for a file or for another program is not a decision. */
export const SSH_NAMESPACE = 'holdshort';

export interface SshKey {
  readonly type: string;
  /** The public key as OpenSSH has it on the wire. */
  readonly blob: Buffer;
  readonly key: KeyObject;
  /** What the signatures of a security key are bound to, usually `ssh:`. */
  readonly application?: string;
}

export interface SshProof {
  /** Was the security key touched, and was its holder verified (PIN, fingerprint)? Always false for other keys. */
  readonly touched: boolean;
  readonly verified: boolean;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;

/**
 * Reads `type base64`, as in `id_ed25519.pub` without its comment. Undefined for what isn't a key that may be enrolled.
 */
export function readSshKey(text: string): SshKey | undefined {
  try {
    const [type = '', encoded = '', ...more] = text.split(' ');
    const blob = Buffer.from(encoded, 'base64');
    // One text for one key: no second spelling of the base64, no comment.
    if (more.length > 0 || blob.toString('base64') !== encoded) return undefined;
    const reader = new Reader(blob);
    if (reader.text() !== type) return undefined;
    const key = publicKey(type, reader);
    const application = type.startsWith('sk-') ? reader.text() : undefined;
    if (!key || !reader.done()) return undefined;
    return { type, blob, key, ...(application === undefined ? {} : { application }) };
  } catch {
    return undefined;
  }
}

/** The fingerprint, as `ssh-keygen -l` prints it. */
export function sshFingerprint({ blob }: SshKey): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/**
 * Does this signature say that this key signed this message, in our namespace? Undefined when it doesn't.
 * @param armored the text between and with `-----BEGIN SSH SIGNATURE-----`; the attacker may have written it
 */
export function readSshSignature(armored: string, message: Buffer, enrolled: SshKey): SshProof | undefined {
  try {
    const body = /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----\n?$/.exec(
      armored,
    )?.[1];
    const reader = new Reader(Buffer.from((body ?? '').replaceAll('\n', ''), 'base64'));
    if (reader.take(6).toString('latin1') !== 'SSHSIG' || reader.number() !== 1) return undefined;
    const keyBlob = reader.bytes();
    const namespace = reader.text();
    reader.bytes(); // reserved
    const hash = reader.text();
    const signature = new Reader(reader.bytes());
    if (!reader.done() || !keyBlob.equals(enrolled.blob) || namespace !== SSH_NAMESPACE) return undefined;
    if (hash !== 'sha256' && hash !== 'sha512') return undefined;
    const signed = Buffer.concat([
      Buffer.from('SSHSIG'),
      lengthed(namespace),
      lengthed(''),
      lengthed(hash),
      lengthed(createHash(hash).update(message).digest()),
    ]);
    return proofOf(signature, signed, enrolled);
  } catch {
    return undefined;
  }
}

function proofOf(signature: Reader, signed: Buffer, { type, key, application }: SshKey): SshProof | undefined {
  if (signature.text() !== type) return undefined;
  const blob = signature.bytes();
  if (application === undefined) {
    const good = signature.done() && verifies(type, key, signed, blob);
    return good ? { touched: false, verified: false } : undefined;
  }
  const flags = signature.take(1);
  const counter = signature.take(4);
  if (!signature.done()) return undefined;
  const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest();
  const told = Buffer.concat([sha256(application), flags, counter, sha256(signed)]);
  if (!verifies(type, key, told, blob)) return undefined;
  const bits = flags[0] ?? 0;
  return { touched: (bits & USER_PRESENT) !== 0, verified: (bits & USER_VERIFIED) !== 0 };
}

function verifies(type: string, key: KeyObject, data: Buffer, blob: Buffer): boolean {
  if (type.includes('ed25519')) return verify(null, data, key, blob);
  const numbers = new Reader(blob);
  const raw = Buffer.concat([fixed(numbers.bytes()), fixed(numbers.bytes())]);
  return numbers.done() && verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, raw);
}

/** Ed25519 and P-256 only: what OpenSSH makes today, with one hash each. */
function publicKey(type: string, reader: Reader): KeyObject | undefined {
  const jwk = (kty: string, crv: string, members: Record<string, string>) =>
    createPublicKey({ key: { kty, crv, ...members }, format: 'jwk' });
  switch (type) {
    case 'ssh-ed25519':
    case 'sk-ssh-ed25519@openssh.com':
      return jwk('OKP', 'Ed25519', { x: reader.bytes().toString('base64url') });
    case 'ecdsa-sha2-nistp256':
    case 'sk-ecdsa-sha2-nistp256@openssh.com': {
      if (reader.text() !== 'nistp256') return undefined;
      const point = reader.bytes();
      if (point.length !== 65 || point[0] !== 4) return undefined;
      const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
      return jwk('EC', 'P-256', { x: x ?? '', y: y ?? '' });
    }
    default:
      return undefined;
  }
}

/** A number of 32 bytes, whatever zeros in front of it the wire has or leaves out. */
function fixed(mpint: Buffer): Buffer {
  const bare = mpint.subarray(mpint.findIndex((byte) => byte !== 0));
  if (bare.length > 32) throw new RangeError('the number is too long');
  return Buffer.concat([Buffer.alloc(32 - bare.length), bare]);
}

function lengthed(data: Buffer | string): Buffer {
  const bytes = Buffer.from(data);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The wire's length-prefixed fields; throws where there is less than was announced. */
class Reader {
  readonly #data: Buffer;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  take(count: number): Buffer {
    if (this.#at + count > this.#data.length) throw new RangeError('the data ends early');
    this.#at += count;
    return this.#data.subarray(this.#at - count, this.#at);
  }

  number(): number {
    return this.take(4).readUInt32BE();
  }

  bytes(): Buffer {
    return this.take(this.number());
  }

  text(): string {
    return this.bytes().toString('latin1');
  }

  done(): boolean {
    return this.#at === this.#data.length;
  }
}
