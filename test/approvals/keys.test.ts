import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKey, keyPath, readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { pinRoot, readRoot, rootPath } from '../../approvals/keys/root.ts';
import { provenBy } from '../../src/kernel/statement.ts';
import { codeOf, openInstallation, signedWith } from '../scenes/installation.ts';

const never = async (): Promise<string> => expect.fail('no passphrase should be asked for');
const mode = (path: string) => statSync(path).mode & 0o777;

describe('key files', () => {
  test('are for their owner only, and sign what their public half verifies', async () => {
    const { keysDir } = await openInstallation();
    const file = await createKey(keysDir, 'noa', 'key');
    expect(mode(keysDir)).toBe(0o700);
    expect(mode(file.path)).toBe(0o600);
    const signer = await unlockKey(readKey(keysDir, 'noa', 'key')!, never);
    const at = '2026-01-02T03:04:05.678Z';
    const common = { nonce: 'a'.repeat(32), signed_at: at, key: signer.id, by: 'noa' };
    const signed = await signedWith(signer, { kind: 'resume', halts: ['b'.repeat(32)], ...common });
    expect(provenBy(signed, file.publicKey, [])).toBe('key');
    expect(readdirSync(keysDir)).toEqual(['noa.key.json']);
  });

  test('are never overwritten', async () => {
    const { keysDir } = await openInstallation();
    const first = await createKey(keysDir, 'noa', 'key');
    expect(await codeOf(createKey(keysDir, 'noa', 'key'))).toBe('conflict');
    expect(readKey(keysDir, 'noa', 'key')?.id).toBe(first.id);
  });

  test('open with their passphrase and with no other', async () => {
    const { keysDir } = await openInstallation();
    const file = await createKey(keysDir, 'noa', 'key', 'correct horse battery');
    expect(readFileSync(file.path, 'utf8')).not.toContain('pkcs8');
    expect((await unlockKey(file, async () => 'correct horse battery')).id).toBe(file.id);
    expect(await codeOf(unlockKey(file, async () => 'correct horse batterx'))).toBe('key_invalid');
    expect(await codeOf(createKey(keysDir, 'mara', 'key', 'short'))).toBe('usage');
  });

  test.each([
    ['the file', (_dir: string, path: string) => chmodSync(path, 0o640)],
    ['the folder', (dir: string) => chmodSync(dir, 0o750)],
  ])('are refused when %s is open to others', async (_what, loosen) => {
    const { keysDir } = await openInstallation();
    const { path } = await createKey(keysDir, 'noa', 'key');
    loosen(keysDir, path);
    expect(() => readKey(keysDir, 'noa', 'key')).toThrow(expect.objectContaining({ code: 'key_invalid' }));
  });

  test('are not made in a folder that is open to others', async () => {
    const { keysDir } = await openInstallation();
    chmodSync(keysDir, 0o755);
    expect(await codeOf(createKey(keysDir, 'noa', 'key'))).toBe('key_invalid');
  });

  test.each([
    ['another person', (content: Record<string, unknown>) => ({ ...content, name: 'mara' })],
    ['an unknown member', (content: Record<string, unknown>) => ({ ...content, max_assurance: 'hardware' })],
    ['nonsense', () => 'no key'],
  ])('are refused when they hold %s', async (_what, alter) => {
    const { keysDir } = await openInstallation();
    const { path } = await createKey(keysDir, 'noa', 'key');
    writeFileSync(path, JSON.stringify(alter(JSON.parse(readFileSync(path, 'utf8')))));
    expect(() => readKey(keysDir, 'noa', 'key')).toThrow(expect.objectContaining({ code: 'key_invalid' }));
  });

  test("are refused when a public key stands beside somebody else's private key", async () => {
    const { keysDir } = await openInstallation();
    const { path } = await createKey(keysDir, 'noa', 'key');
    const other = await createKey(keysDir, 'mara', 'key');
    const content = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...content, public_key: other.publicKey }));
    expect(await codeOf(unlockKey(readKey(keysDir, 'noa', 'key')!, never))).toBe('key_invalid');
  });

  test("are not followed to somebody else's file", async () => {
    const { keysDir, home } = await openInstallation();
    const { path } = await createKey(keysDir, 'noa', 'key');
    const elsewhere = join(home, 'elsewhere.json');
    writeFileSync(elsewhere, readFileSync(path), { mode: 0o600 });
    symlinkSync(elsewhere, keyPath(keysDir, 'noa', 'client'));
    expect(() => readKey(keysDir, 'noa', 'client')).toThrow(expect.objectContaining({ code: 'key_invalid' }));
  });
});

describe('the pinned first key', () => {
  const KEY = `SHA256:${'A'.repeat(43)}`;
  const at = '2026-01-02T03:04:05.678Z';

  test('is pinned once', async () => {
    const { keysDir } = await openInstallation();
    expect(readRoot(keysDir)).toBeUndefined();
    const pinned = await Promise.all(
      ['noa', 'mara', 'ida'].map((name) => pinRoot(keysDir, { name, key: KEY, pinned_at: at })),
    );
    expect(pinned.filter(Boolean)).toHaveLength(1);
    expect(mode(rootPath(keysDir))).toBe(0o600);
    expect(readRoot(keysDir)?.name).toBe(['noa', 'mara', 'ida'][pinned.indexOf(true)]);
  });

  test('is refused when damaged', async () => {
    const { keysDir } = await openInstallation();
    await pinRoot(keysDir, { name: 'noa', key: KEY, pinned_at: at });
    writeFileSync(rootPath(keysDir), '{}');
    expect(() => readRoot(keysDir)).toThrow(expect.objectContaining({ code: 'key_invalid' }));
  });
});
