import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import { approversList } from '../../approvals/cli/approvers-list.ts';
import { approversRevoke } from '../../approvals/cli/approvers-revoke.ts';
import { halt, resume } from '../../approvals/cli/halt.ts';
import { readEnrolled } from '../../approvals/desk.ts';
import { liftHalt } from '../../approvals/halt.ts';
import { createKey, keyPath, readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { pinRoot, rootPath } from '../../approvals/keys/root.ts';
import { signedAt } from '../../approvals/record/record-statement.ts';
import { readsFingerprint } from '../scenes/answers.ts';
import { codeOf, type Installation, openInstallation, signedWith } from '../scenes/installation.ts';

const OPEN = { passphrase: false } as const;

async function active(installation: Installation) {
  const { registry } = await readEnrolled(installation.context('noa'));
  return [...registry.keys.values()]
    .filter(({ revokedAt }) => !revokedAt)
    .map(({ name, maxAssurance, enrolledBy }) => `${name} ${maxAssurance} by ${enrolledBy}`);
}

describe('enrolment', () => {
  test('begins with one person who signs for themselves, and goes on by signature', async () => {
    const installation = await openInstallation();
    const first = await approversEnroll(installation.context('noa'), 'noa', OPEN);
    expect(first.data).toMatchObject({ first: true, by: 'noa' });
    await approversEnroll(installation.context('noa'), 'mara', { ...OPEN, role: 'admin' });
    await approversEnroll(installation.context('root'), 'ida', { ...OPEN, as: 'mara' });
    expect(await active(installation)).toEqual([
      'noa key by noa',
      'noa client by noa',
      'mara key by noa',
      'mara client by mara',
      'ida key by mara',
      'ida client by ida',
    ]);
    const events = (await installation.events()).filter(({ type }) => type === 'approver.enrolled');
    expect(events.map(({ actor }) => actor)).toEqual(
      ['noa', 'noa', 'noa', 'mara', 'mara', 'ida'].map((name) => `approver:${name}`),
    );
  });

  test('says whose key it used when nobody was named and only one is here', async () => {
    const installation = await openInstallation();
    await approversEnroll(installation.context('noa'), 'noa', OPEN);
    const { text } = await approversEnroll(installation.context('root'), 'mara', OPEN);
    expect(text).toContain('Signing as noa');
    expect(await codeOf(approversEnroll(installation.context('root'), 'ida', OPEN))).toBe('not_enrolled');
  });

  test('of a name that is enrolled is refused, and the attempt is logged', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    expect(await codeOf(approversEnroll(installation.context('noa'), 'noa', OPEN))).toBe('conflict');
    expect((await installation.events()).at(-1)).toMatchObject({
      type: 'approver.rejected',
      detail: { code: 'conflict' },
    });
  });

  test.each(['Noa', '-as', '../noa', '', 'n'.repeat(65)])('of %j is refused', async (name) => {
    const installation = await openInstallation();
    expect(await codeOf(approversEnroll(installation.context('noa'), name, OPEN))).toBe('usage');
  });

  test('by several at once on a fresh installation has one first', async () => {
    const installation = await openInstallation();
    const names = ['noa', 'mara', 'ida', 'tom'];
    const done = await Promise.allSettled(names.map((name) => approversEnroll(installation.context(name), name, OPEN)));
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = names[done.findIndex(({ status }) => status === 'fulfilled')];
    expect(await active(installation)).toEqual([`${winner} key by ${winner}`, `${winner} client by ${winner}`]);
    for (const name of names.filter((other) => other !== winner))
      await approversEnroll(installation.context(name), name, { ...OPEN, as: winner });
    expect(await active(installation)).toHaveLength(8);
  });

  test('that somebody else came in between is weighed again and recorded', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const context = installation.context('noa');
    let between: Promise<unknown> | undefined;
    const raced = {
      ...context.store,
      recordStatement: async (statement: Parameters<typeof context.store.recordStatement>[0]) => {
        between ??= approversEnroll(context, 'ida', OPEN);
        await between;
        await context.store.recordStatement(statement);
      },
    };
    await approversEnroll({ ...context, store: raced }, 'mara', OPEN);
    expect(await active(installation)).toEqual([
      'noa key by noa',
      'noa client by noa',
      'ida key by noa',
      'ida client by ida',
      'mara key by noa',
      'mara client by mara',
    ]);
  });

  test('that was killed half-way is finished by the same call', async () => {
    const installation = await openInstallation();
    const file = await createKey(installation.keysDir, 'noa', 'key');
    await pinRoot(installation.keysDir, { name: 'noa', key: file.id, pinned_at: new Date().toISOString() });
    expect(await codeOf(approversEnroll(installation.context('mara'), 'mara', OPEN))).toBe('conflict');
    await approversEnroll(installation.context('noa'), 'noa', OPEN);
    expect(await active(installation)).toEqual(['noa key by noa', 'noa client by noa']);
    expect(readKey(installation.keysDir, 'noa', 'key')?.id).toBe(file.id);
  });

  test('asks for a passphrase twice, and for one where there is no terminal', async () => {
    const installation = await openInstallation();
    expect(await codeOf(approversEnroll(installation.context('noa'), 'noa', {}))).toBe('usage');
    const differing = installation.context('noa', ['long enough 1', 'long enough 2']);
    expect(await codeOf(approversEnroll(differing, 'noa', {}))).toBe('not_confirmed');
    await approversEnroll(installation.context('noa', ['long enough 1', 'long enough 1', readsFingerprint]), 'noa', {});
    expect(readKey(installation.keysDir, 'noa', 'key')?.locked).toBe(true);
    expect(readKey(installation.keysDir, 'noa', 'client')?.locked).toBe(false);
    const file = join(installation.home, 'passphrase');
    writeFileSync(file, 'long enough 1\n');
    await approversEnroll(installation.context('noa'), 'mara', { passphraseFile: file });
    expect(await active(installation)).toHaveLength(4);
  });
});

describe('rows that somebody else wrote', () => {
  async function intruder(installation: Installation) {
    await createKey(installation.keysDir, 'eve', 'key');
    return unlockKey(readKey(installation.keysDir, 'eve', 'key')!, async () => '');
  }

  const event = { type: 'approver.enrolled', actor: 'approver:noa', detail: {} } as const;

  test('enroll nobody: a key can only sign for itself when it is the pinned one', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const eve = await intruder(installation);
    const before = await active(installation);
    const forged = await signedWith(eve, {
      kind: 'enroll',
      name: 'eve',
      public_key: eve.publicKey,
      public_key_id: eve.id,
      max_assurance: 'hardware',
      ...signedAt(eve, new Date().toISOString()),
    });
    const { statements } = await readEnrolled(installation.context('noa'));
    await installation.store.forApprover().recordStatement({ signed: forged, expected: statements.length, event });
    expect(await active(installation)).toEqual(before);
    expect(await codeOf(approversEnroll(installation.context('eve'), 'tom', { ...OPEN, as: 'eve' }))).toBe(
      'not_enrolled',
    );
  });

  test("enroll nobody with a person's chat key", async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const eve = await intruder(installation);
    const client = await unlockKey(readKey(installation.keysDir, 'noa', 'client')!, async () => '');
    const before = await active(installation);
    const forged = await signedWith(client, {
      kind: 'enroll',
      name: 'noa',
      public_key: eve.publicKey,
      public_key_id: eve.id,
      max_assurance: 'key',
      ...signedAt(client, new Date().toISOString()),
    });
    const { statements } = await readEnrolled(installation.context('noa'));
    await installation.store.forApprover().recordStatement({ signed: forged, expected: statements.length, event });
    expect(await active(installation)).toEqual(before);
  });

  test('are not trusted when the pinned key is gone', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    rmSync(rootPath(installation.keysDir));
    expect(await codeOf(approversList(installation.context('noa')))).toBe('tampered');
    expect(await codeOf(approversEnroll(installation.context('eve'), 'eve', OPEN))).toBe('tampered');
  });
});

describe('revocation', () => {
  test('takes all the keys of a person, who may then enroll anew', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa', 'mara');
    const old = readFileSync(keyPath(installation.keysDir, 'mara', 'key'), 'utf8');
    const { data } = await approversRevoke(installation.context('noa'), 'mara', { reason: 'left' });
    expect(data).toMatchObject({ by: 'noa', revoked: [{ name: 'mara' }, { name: 'mara' }] });
    expect(await active(installation)).toEqual(['noa key by noa', 'noa client by noa']);
    await approversEnroll(installation.context('noa'), 'mara', OPEN);
    expect(await active(installation)).toHaveLength(4);
    expect(readFileSync(keyPath(installation.keysDir, 'mara', 'key'), 'utf8')).not.toBe(old);
  });

  test('takes one key by its id', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    const id = readKey(installation.keysDir, 'noa', 'client')?.id ?? '';
    await approversRevoke(installation.context('noa'), id.slice(0, 20), { reason: 'laptop lost' });
    expect(await active(installation)).toEqual(['noa key by noa']);
    await approversEnroll(installation.context('noa'), 'noa', OPEN);
    expect(await active(installation)).toEqual(['noa key by noa', 'noa client by noa']);
  });

  test('never takes the last key', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa');
    await approversEnroll(installation.context('noa'), 'mara', { ...OPEN, role: 'admin' });
    await approversRevoke(installation.context('mara'), 'noa', { reason: 'left' });
    expect(await codeOf(approversRevoke(installation.context('mara'), 'mara', { reason: 'left too' }))).toBe(
      'conflict',
    );
    expect(await active(installation)).toEqual(['mara key by noa', 'mara client by mara']);
  });

  test('needs an enrolled signer and somebody to revoke', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa', 'mara');
    await approversRevoke(installation.context('noa'), 'mara', { reason: 'left' });
    expect(
      await codeOf(
        approversRevoke(installation.context('mara', undefined, { HOLDSHORT_APPROVER: 'mara' }), 'noa', {
          reason: 'revenge',
        }),
      ),
    ).toBe('not_enrolled');
    expect(await codeOf(approversRevoke(installation.context('noa'), 'tom', { reason: 'who' }))).toBe('not_found');
  });
});

describe('halt', () => {
  test('stands until an admin lifts it', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa', 'mara');
    await halt(installation.context('noa'), { reason: 'incident 12' });
    expect((await readEnrolled(installation.context('noa'))).halt).toMatchObject({ by: 'noa', reason: 'incident 12' });
    expect(await codeOf(halt(installation.context('noa'), { reason: 'again' }))).toBe('conflict');
    expect(await codeOf(resume(installation.context('root'), {}))).toBe('not_enrolled');
    expect(await codeOf(resume(installation.context('mara'), {}))).toBe('not_enrolled');
    await resume(installation.context('noa'), {});
    expect((await readEnrolled(installation.context('noa'))).halt).toBeUndefined();
    expect(await codeOf(resume(installation.context('noa'), {}))).toBe('conflict');
  });

  test('A1: a resume lifts what its signer knew of, and no halt that was set while they typed a passphrase', async () => {
    const installation = await openInstallation();
    await installation.enroll('noa', 'mara');
    const context = installation.context('noa');
    await halt(context, { reason: 'incident 12' });
    const { halt: known } = await readEnrolled(context);
    await resume(context, {});
    await halt(installation.context('mara'), { reason: 'incident 13' });
    const signer = await unlockKey(readKey(installation.keysDir, 'noa', 'key')!, async () => '');
    await expect(liftHalt(context, signer, known)).rejects.toMatchObject({
      code: 'conflict',
      message: 'everything was halted again meanwhile by mara: "incident 13"',
    });
    expect((await readEnrolled(context)).halt).toMatchObject({ by: 'mara' });
    await resume(context, {});
    expect((await readEnrolled(context)).halt).toBeUndefined();
  });
});
