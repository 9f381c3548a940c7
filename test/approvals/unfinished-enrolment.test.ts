import { readdirSync, rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { approversEnroll, approversRequest } from '../../approvals/cli/approvers.ts';
import { readEnrolled } from '../../approvals/desk.ts';
import { createKey, readKey } from '../../approvals/keys/keys.ts';
import { pinRoot, rootPath } from '../../approvals/keys/root.ts';
import { type Answer, readsFingerprint } from '../scenes/answers.ts';
import { makePlace } from '../scenes/front-door.ts';
import { codeOf, type Installation, openInstallation } from '../scenes/installation.ts';
import { hasTerminal, NO_TERMINAL, openScreen, type Screen } from '../scenes/screen.ts';

/** Someone stops in the middle of an enrolment, and begins again, or someone else does. */

const FIRST = 'the first passphrase';
const SECOND = 'another passphrase';
const ASKS_FINGERPRINT = /Type the first (\d+) characters of the fingerprint[^\n]*:\s*$/;

const enrolling = (installation: Installation, name: string, answers: readonly Answer[], more: { as?: string } = {}) =>
  approversEnroll(installation.context(name, answers), name, more);

async function names(installation: Installation): Promise<readonly string[]> {
  const { registry } = await readEnrolled(installation.context('noa'));
  return [...registry.keys.values()].map(({ name, maxAssurance }) => `${name} ${maxAssurance}`);
}

test('C22: who stops at the fingerprint enrolls the second time with another passphrase', async () => {
  const installation = await openInstallation();
  expect(await codeOf(enrolling(installation, 'noa', [FIRST, FIRST, 'not the fingerprint']))).toBe('not_confirmed');
  await enrolling(installation, 'noa', [SECOND, SECOND, readsFingerprint]);
  expect(await names(installation)).toEqual(['noa key', 'noa client']);
  expect(readdirSync(installation.keysDir).filter((name) => name.includes('.unused-'))).toHaveLength(1);
});

test('C22: a key without a passphrase, left over, is not the key of who chose one', async () => {
  const installation = await openInstallation();
  const left = await createKey(installation.keysDir, 'noa', 'key');
  await enrolling(installation, 'noa', [SECOND, SECOND, readsFingerprint]);
  const file = readKey(installation.keysDir, 'noa', 'key');
  expect(file?.locked).toBe(true);
  expect(file?.id).not.toBe(left.id);
});

test('C22: nor does what was left keep somebody else from being the first', async () => {
  const installation = await openInstallation();
  expect(await codeOf(enrolling(installation, 'noa', [FIRST, FIRST, 'not the fingerprint']))).toBe('not_confirmed');
  await enrolling(installation, 'mara', [SECOND, SECOND, readsFingerprint]);
  expect(await names(installation)).toEqual(['mara key', 'mara client']);
  await enrolling(installation, 'noa', [SECOND, SECOND], { as: 'mara' }).catch(() => undefined);
});

test('C22: a request that was stopped is made again with another passphrase', async () => {
  const installation = await openInstallation();
  await installation.enroll('mara');
  await createKey(installation.keysDir, 'noa', 'key', FIRST);
  const asked = await approversRequest(installation.context('noa', [SECOND, SECOND]), 'noa', {});
  // That key is asked for now: another passphrase doesn't replace it.
  expect(readKey(installation.keysDir, 'noa', 'key')?.id).toBe((asked.data as { key: string }).key);
  expect(await codeOf(approversRequest(installation.context('noa', [FIRST, FIRST]), 'noa', {}))).toBe('key_invalid');
  expect(readKey(installation.keysDir, 'noa', 'key')?.id).toBe((asked.data as { key: string }).key);
});

test('C22: a pinned key whose passphrase is lost says how to begin again, and so it does', async () => {
  const installation = await openInstallation();
  const { id } = await createKey(installation.keysDir, 'noa', 'key', FIRST);
  await pinRoot(installation.keysDir, { name: 'noa', key: id, pinned_at: new Date().toISOString() });
  for (const attempt of [
    enrolling(installation, 'noa', [SECOND, SECOND]),
    enrolling(installation, 'mara', [SECOND, SECOND]),
  ]) {
    const { recovery } = await attempt.then(
      () => expect.fail('it is pinned'),
      (error: { recovery: string }) => error,
    );
    expect(recovery).toContain(`remove ${rootPath(installation.keysDir)} and begin again`);
  }
  rmSync(rootPath(installation.keysDir));
  await enrolling(installation, 'noa', [SECOND, SECOND, readsFingerprint]);
  expect(await names(installation)).toEqual(['noa key', 'noa client']);
});

test('C22: a pinned key is finished with the passphrase from then', async () => {
  const installation = await openInstallation();
  const { id } = await createKey(installation.keysDir, 'noa', 'key', FIRST);
  await pinRoot(installation.keysDir, { name: 'noa', key: id, pinned_at: new Date().toISOString() });
  await enrolling(installation, 'noa', [FIRST, FIRST]);
  expect(await names(installation)).toEqual(['noa key', 'noa client']);
  expect(readKey(installation.keysDir, 'noa', 'key')?.id).toBe(id);
});

test('C22: Ctrl-C at a question of the first enrolment, then another passphrase', async (context) => {
  if (!hasTerminal) return context.skip(NO_TERMINAL);
  const place = makePlace();
  const screens: Screen[] = [];
  onTestFinished(async () => {
    for (const screen of screens) screen.close();
    await place[Symbol.asyncDispose]();
  });
  const begun = async (passphrase: string) => {
    const screen = openScreen(place, ['approvers', 'enroll', 'noa'], { NO_COLOR: '1' });
    screens.push(screen);
    await screen.shows(/new key[^\n]*:/);
    screen.type(passphrase);
    await screen.shows(/Once more:/);
    screen.type(passphrase);
    const shown = await screen.shows(ASKS_FINGERPRINT);
    const [, fingerprint = ''] = /SHA256:(\S{43})/.exec(shown) ?? [];
    return { screen, fingerprint, asked: Number(ASKS_FINGERPRINT.exec(shown)?.[1]) };
  };
  const first = await begun(FIRST);
  first.screen.press('C-c');
  expect(await first.screen.ended()).toBe(130);
  expect(await place.json(['approvers', 'list'])).toMatchObject({ approvers: [] });
  const second = await begun(SECOND);
  expect(second.fingerprint).not.toBe(first.fingerprint);
  second.screen.type(second.fingerprint.slice(0, second.asked));
  expect(await second.screen.ended()).toBe(0);
});
