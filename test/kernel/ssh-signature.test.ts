import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyIdOf, mostProvenBy, provenBy, signedBytes } from '../../src/kernel/statement.ts';
import { NOW } from '../scenes/people.ts';
import { sshPerson } from '../scenes/ssh-signer.ts';

const statement = '{"kind":"a statement"}';
const message = signedBytes(statement);

describe.each(['ed25519', 'ecdsa'] as const)('an SSH key, %s', (kind) => {
  const person = sshPerson(kind);
  test('proves a key, by either hash', () => {
    for (const hash of ['sha256', 'sha512'])
      expect(provenBy({ statement, signature: person.sign(message, { hash }) }, person.publicKey, [])).toBe('key');
    expect(mostProvenBy(person.publicKey, [], NOW)).toBe('key');
  });

  test.each([
    ['another namespace', () => person.sign(message, { namespace: 'git' })],
    ['another message', () => person.sign(Buffer.from('something else'))],
    ['the bare statement, without our domain', () => person.sign(Buffer.from(statement))],
    ['another key of the kind', () => sshPerson(kind).sign(message)],
    ['a security key', () => sshPerson(kind, true).sign(message)],
    ['nothing', () => ''],
    ['half of it', () => person.sign(message).slice(0, 120)],
    ['something behind it', () => `${person.sign(message)}x`],
  ])('proves nothing by %s', (_, signature) => {
    expect(provenBy({ statement, signature: signature() }, person.publicKey, [])).toBeUndefined();
  });
});

describe.each(['ed25519', 'ecdsa'] as const)('a security key, %s', (kind) => {
  const person = sshPerson(kind, true);
  const proven = (flags: number) =>
    provenBy({ statement, signature: person.sign(message, { flags }) }, person.publicKey, []);
  test('proves presence when it was touched and its holder verified, a key when it was only touched', () => {
    expect(proven(5)).toBe('presence');
    expect(proven(1)).toBe('key');
    expect(mostProvenBy(person.publicKey, [], NOW)).toBe('presence');
  });
  test('proves nothing untouched, verified or not', () => {
    expect(proven(0)).toBeUndefined();
    expect(proven(4)).toBeUndefined();
  });
  test('flags can not be changed afterwards', () => {
    const body = person.sign(message, { flags: 0 }).split('\n').slice(1, -2).join('');
    const bytes = Buffer.from(body, 'base64');
    const at = bytes.length - 5;
    expect(bytes[at]).toBe(0);
    bytes[at] = 5;
    const signature = `-----BEGIN SSH SIGNATURE-----\n${bytes.toString('base64')}\n-----END SSH SIGNATURE-----\n`;
    expect(provenBy({ statement, signature }, person.publicKey, [])).toBeUndefined();
  });
});

test('a key has one spelling: no comment, no other base64, no other type', () => {
  const { publicKey } = sshPerson('ed25519');
  for (const other of [
    `${publicKey} me@here`,
    `${publicKey}=`,
    publicKey.replace('ssh-ed25519', 'ssh-rsa'),
    'ssh-rsa AAAA',
  ])
    expect(mostProvenBy(other, [], NOW), other).toBeUndefined();
});

test('what ssh-keygen makes is understood, and its fingerprints are the same', (context) => {
  if (spawnSync('ssh-keygen', ['-?']).error) return context.skip('ssh-keygen is not installed on this machine');
  const folder = mkdtempSync(join(tmpdir(), 'holdshort-ssh-'));
  try {
    for (const type of ['ed25519', 'ecdsa']) {
      const file = join(folder, type);
      const keygen = (...args: string[]) => spawnSync('ssh-keygen', args, { encoding: 'utf8' });
      keygen('-q', '-t', type, '-N', '', '-f', file);
      const publicKey = readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ').trim();
      expect(keygen('-l', '-f', `${file}.pub`).stdout).toContain(keyIdOf(publicKey));
      writeFileSync(`${file}.message`, message);
      keygen('-q', '-Y', 'sign', '-n', 'holdshort', '-f', file, `${file}.message`);
      const signature = readFileSync(`${file}.message.sig`, 'utf8');
      expect(provenBy({ statement, signature }, publicKey, []), type).toBe('key');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
