import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/*
 * SSH signatures as `ssh-keygen -Y sign` and a security key would make them, put together by hand so that each part can
 * be wrong: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig and PROTOCOL.u2f.
 */

interface SshPerson {
  /** `type base64` */
  readonly publicKey: string;
  sign(message: Buffer, how?: How): string;
}

interface How {
  readonly namespace?: string;
  readonly hash?: string;
  /** Of a security key: 1 touched, 4 verified. */
  readonly flags?: number;
}

const text = (value: string | Buffer) => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const sha = (hash: string, data: Buffer | string) => createHash(hash).update(data).digest();

export function sshPerson(kind: 'ed25519' | 'ecdsa', securityKey = false): SshPerson {
  const pair = kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = pair.publicKey.export({ format: 'jwk' });
  const part = (name: 'x' | 'y') => Buffer.from(jwk[name] ?? '', 'base64url');
  const plain = kind === 'ed25519' ? 'ssh-ed25519' : 'ecdsa-sha2-nistp256';
  const type = securityKey ? `sk-${plain}@openssh.com` : plain;
  const application = 'ssh:';
  const blob = Buffer.concat([
    text(type),
    ...(kind === 'ed25519'
      ? [text(part('x'))]
      : [text('nistp256'), text(Buffer.concat([Buffer.of(4), part('x'), part('y')]))]),
    ...(securityKey ? [text(application)] : []),
  ]);
  return {
    publicKey: `${type} ${blob.toString('base64')}`,
    sign(message, { namespace = 'holdshort', hash = 'sha512', flags = 5 } = {}) {
      const head = [text(namespace), text(''), text(hash)];
      const signed = Buffer.concat([Buffer.from('SSHSIG'), ...head, text(sha(hash, message))]);
      const told = Buffer.concat([Buffer.of(flags), Buffer.from([0, 0, 0, 7])]);
      const data = securityKey ? Buffer.concat([sha('sha256', application), told, sha('sha256', signed)]) : signed;
      const signature = Buffer.concat([
        text(type),
        text(raw(kind, data, pair.privateKey)),
        ...(securityKey ? [told] : []),
      ]);
      const version = Buffer.from([0, 0, 0, 1]);
      const whole = Buffer.concat([Buffer.from('SSHSIG'), version, text(blob), ...head, text(signature)]);
      const lines = whole
        .toString('base64')
        .match(/.{1,70}/g)
        ?.join('\n');
      return `-----BEGIN SSH SIGNATURE-----\n${lines}\n-----END SSH SIGNATURE-----\n`;
    },
  };
}

function raw(kind: 'ed25519' | 'ecdsa', data: Buffer, key: KeyObject): Buffer {
  if (kind === 'ed25519') return sign(null, data, key);
  const both = sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
  // An mpint is signed: a first bit that is set gets a zero in front.
  const mpint = (half: Buffer) => text((half[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), half]) : half);
  return Buffer.concat([mpint(both.subarray(0, 32)), mpint(both.subarray(32))]);
}
