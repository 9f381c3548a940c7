import {
  chmodSync,
  chownSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import { approversList } from '../../approvals/cli/approvers-list.ts';
import { approversRecover } from '../../approvals/cli/approvers-recover.ts';
import { approversRevoke } from '../../approvals/cli/approvers-revoke.ts';
import { readEnrolled } from '../../approvals/desk.ts';
import { recordStatement, signedAt } from '../../approvals/record/record-statement.ts';
import { recoveryDigest } from '../../src/kernel/pinned.ts';
import { readsFingerprint } from '../scenes/answers.ts';
import { codeOf, openInstallation, signedWith } from '../scenes/installation.ts';
import {
  asksFor,
  enrolledBy,
  fileOf,
  forged,
  gated,
  keyOf,
  lockedOut,
  REASON,
  recoveriesIn,
  written,
} from '../scenes/locked-out.ts';
import { PRESENCE } from '../scenes/page.ts';

test('32: what was lost counts no more, and nobody else is let in: the key file enrolls as little as before', async () => {
  const { installation, lost, fresh, recover } = await lockedOut();
  const before = await gated(installation, lost);
  expect(await before()).toBe('go');
  await recover();
  expect(await before()).toBe('stop');
  expect(await keyOf(installation, lost)).toMatchObject({ revokedAt: expect.any(String) });
  expect(await keyOf(installation, fresh)).toMatchObject({ role: 'admin', maxAssurance: 'presence', name: 'noa' });
  expect(await (await gated(installation, fresh))()).toBe('go');
  const third = await asksFor(installation, 'noa');
  expect(await codeOf(approversEnroll(installation.context('noa'), 'noa', { key: third.id, yes: true }))).toBe(
    'assurance_too_low',
  );
  expect((await installation.events()).at(-1)).toMatchObject({ type: 'approver.rejected' });
  const event = (await installation.events()).find(({ type }) => type === 'approver.recovered');
  expect(event).toMatchObject({ actor: 'approver:noa', detail: { key: fresh.id, lost: [lost.id], reason: REASON } });
});

test('32: at a terminal the fingerprint is looked at; a script brings the whole of it', async () => {
  const { installation, lost, fresh, recover } = await lockedOut();
  expect(await codeOf(recover({ key: fresh.id.slice(0, 20) }))).toBe('usage');
  expect(await codeOf(recover({ yes: false }))).toBe('usage');
  const asked = (answer: typeof readsFingerprint) =>
    approversRecover(installation.context('noa', [answer]), 'noa', { key: fresh.id, lost: [lost.id], reason: REASON });
  expect(await codeOf(asked('????????'))).toBe('not_confirmed');
  expect(recoveriesIn(installation)).toEqual([]);
  await asked(readsFingerprint);
  expect(await keyOf(installation, fresh)).toMatchObject({ maxAssurance: 'presence' });
});

describe('32: where no recovery is needed, it is refused and says how to go on', () => {
  test('32: another admin has such a key', async () => {
    const { installation, lost, recover } = await lockedOut('ida');
    const error = await recover({ lost: [] }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`ida's ssh security key ${lost.id}`),
    });
    expect(recoveriesIn(installation)).toEqual([]);
  });

  test('32: the key file can enroll it', async () => {
    const installation = await openInstallation({ policy: PRESENCE });
    await installation.enroll('noa');
    const first = await asksFor(installation, 'noa');
    const asked = { key: first.id, lost: [], reason: REASON, yes: true };
    expect(await codeOf(approversRecover(installation.context('noa'), 'noa', asked))).toBe('conflict');
  });

  test('32: it is for somebody else, by somebody who is no admin, or names what no recovery revokes', async () => {
    const { installation, recover } = await lockedOut();
    const idas = await asksFor(installation, 'ida');
    const asked = { key: idas.id, lost: [], reason: REASON, yes: true };
    expect(await codeOf(approversRecover(installation.context('noa'), 'noa', asked))).toBe('not_found');
    expect(await codeOf(approversRecover(installation.context('ida'), 'ida', asked))).toBe('not_enrolled');
    const ida = [...(await readEnrolled(installation.context('noa'))).registry.keys.values()].find(
      ({ name }) => name === 'ida',
    );
    expect(await codeOf(recover({ lost: [ida!.id] }))).toBe('usage');
    expect(await codeOf(recover({ lost: ['SHA256:nobodysKey'] }))).toBe('not_found');
    expect(recoveriesIn(installation)).toEqual([]);
  });
});

describe("32: the key file's thief, who writes the database and not the keys folder", () => {
  test('32: a statement that no file names gives their key no more than the key file is worth; everybody is told', async () => {
    const { installation, lost } = await lockedOut();
    const theirs = await asksFor(installation, 'noa');
    const signed = await forged(installation, theirs, [lost.id]);
    expect(await keyOf(installation, theirs)).toMatchObject({ maxAssurance: 'key' });
    expect(await (await gated(installation, theirs))()).toBe('stop');
    const another = await asksFor(installation, 'noa');
    const enrolling = approversEnroll(installation.context('noa'), 'noa', { key: another.id, yes: true });
    expect(await codeOf(enrolling)).toBe('assurance_too_low');
    // Their key signs itself a second one, past the door.
    const { store, now } = installation.context('noa');
    const about = { name: 'noa', public_key: another.publicKey, public_key_id: another.id, role: 'admin' } as const;
    const enrolls = { kind: 'enroll', ...about, max_assurance: 'presence' } as const;
    const event = { type: 'approver.enrolled', actor: 'approver:noa', detail: {} } as const;
    const enrolment = await signedWith(theirs, {
      ...enrolls,
      ...signedAt(theirs, now().toISOString()),
    });
    await store.recordStatement({ signed: enrolment, expected: (await store.statements()).length, event });
    expect(await keyOf(installation, another)).toMatchObject({ maxAssurance: 'key' });
    expect(await (await gated(installation, another))()).toBe('stop');
    const listed = await approversList(installation.context('noa'));
    expect(listed.text).toContain('NO keys/recovery-....json HERE NAMES IT');
    expect(readdirSync(installation.keysDir).join()).not.toContain(recoveryDigest(signed.statement).slice(0, 16));
    // At the door they get no further than that.
    const door = recordStatement(installation.context('noa'), theirs, event, () => ({
      ...enrolls,
      ...signedAt(theirs, now().toISOString()),
    }));
    expect(await codeOf(door)).toBe('assurance_too_low');
  });

  test('32: the file of another recovery, renamed or not, names theirs not', async () => {
    const { installation, recover } = await lockedOut();
    await recover();
    const theirs = await asksFor(installation, 'noa');
    const signed = await forged(installation, theirs);
    const [file = ''] = recoveriesIn(installation);
    renameSync(
      join(installation.keysDir, file),
      join(installation.keysDir, `recovery-${recoveryDigest(signed.statement).slice(0, 16)}.json`),
    );
    expect(await keyOf(installation, theirs)).toMatchObject({ maxAssurance: 'key' });
  });

  test('32: a recovery is brought again after its key was revoked', async () => {
    const { installation, fresh, recover } = await lockedOut();
    await recover();
    const { statements } = await readEnrolled(installation.context('noa'));
    const old = statements.at(-1)!;
    const next = await asksFor(installation, 'noa');
    const context = installation.context('noa');
    await approversRecover(context, 'noa', { key: next.id, lost: [fresh.id], reason: 'again', yes: true });
    await written(installation, old);
    expect(await keyOf(installation, fresh)).toMatchObject({ revokedAt: expect.any(String) });
    expect(await keyOf(installation, next)).toMatchObject({ maxAssurance: 'presence' });
    expect(await (await gated(installation, next))()).toBe('go');
    expect(recoveriesIn(installation)).toHaveLength(2);
  });
});

describe('32: a file that is not as it was written stops everything, and says so', () => {
  const spoilt: Record<string, (path: string) => void> = {
    'names several': (path) => {
      const content = JSON.parse(readFileSync(path, 'utf8'));
      writeFileSync(path, JSON.stringify({ ...content, statement: [content.statement, 'a'.repeat(64)] }));
    },
    'is a list': (path) => writeFileSync(path, `[${readFileSync(path, 'utf8')}]`),
    'is empty': (path) => writeFileSync(path, ''),
    'may be written by others': (path) => chmodSync(path, 0o622),
    'is a link': (path) => {
      renameSync(path, `${path}.elsewhere`);
      symlinkSync(`${path}.elsewhere`, path);
    },
  };
  for (const [what, spoil] of Object.entries(spoilt))
    test(`32: it ${what}`, async () => {
      const { installation, fresh, recover } = await lockedOut();
      await recover();
      const ask = await gated(installation, fresh);
      expect(await ask()).toBe('go');
      spoil(join(installation.keysDir, recoveriesIn(installation)[0]!));
      expect(await codeOf(readEnrolled(installation.context('noa')))).toBe('key_invalid');
      expect(await codeOf(ask())).toBe('key_invalid');
    });

  test('32: it belongs to another user', async (context) => {
    if (process.getuid?.() !== 0) return context.skip('only root can give a file away');
    const { installation, recover } = await lockedOut();
    await recover();
    chownSync(join(installation.keysDir, recoveriesIn(installation)[0]!), 12_345, 12_345);
    expect(await codeOf(readEnrolled(installation.context('noa')))).toBe('key_invalid');
  });
});

test('32: taken back, the key counts for what signed it, what it enrolled for no more, and what it revoked stays revoked', async () => {
  const { installation, lost, fresh, recover } = await lockedOut();
  await recover();
  const idas = await asksFor(installation, 'ida');
  await enrolledBy(installation, fresh, idas, 'admin');
  const { now } = installation.context('noa');
  const ask = await gated(installation, idas);
  expect(await ask()).toBe('go');
  const revoked = { type: 'approver.revoked', actor: 'approver:noa', detail: {} } as const;
  const noa = await fileOf(installation);
  await recordStatement(installation.context('noa'), fresh, revoked, () => ({
    kind: 'revoke',
    public_key_id: noa.id,
    reason: 'old',
    ...signedAt(fresh, now().toISOString()),
  }));
  rmSync(join(installation.keysDir, recoveriesIn(installation)[0]!));
  expect(await ask()).toBe('stop');
  for (const key of [fresh, idas]) expect(await keyOf(installation, key)).toMatchObject({ maxAssurance: 'key' });
  const { keys } = (await readEnrolled(installation.context('noa'))).registry;
  for (const id of [lost.id, noa.id]) expect(keys.get(id)).toMatchObject({ revokedAt: expect.any(String) });
});

test('32: a recovery that could not be recorded leaves no file; revoking the last such key names the way back', async () => {
  const { installation, lost, fresh, recover } = await lockedOut();
  const context = installation.context('noa');
  const store = { ...context.store, recordStatement: () => Promise.reject(new Error('the disk is full')) };
  const asked = { key: fresh.id, lost: [lost.id], reason: REASON, yes: true };
  await expect(approversRecover({ ...context, store }, 'noa', asked)).rejects.toThrow('the disk is full');
  expect(recoveriesIn(installation)).toEqual([]);
  const error = await approversRevoke(context, lost.id, { reason: 'lost' }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ recovery: expect.stringContaining('approvers recover') });
  await recover();
});
