import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { readEnrolled } from '../../approvals/desk.ts';
import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { enrollRequested, pendingRequests, recordRequest } from '../../approvals/people/requests.ts';
import { revoke } from '../../approvals/people/revoke.ts';
import { codeOf, type Installation, openInstallation } from '../scenes/installation.ts';
import { authenticator, passkeyRequest } from '../scenes/passkey.ts';

function requestBy(
  name: string,
  passkey = authenticator('ec', { credential_id: randomBytes(9).toString('base64url') }),
) {
  return { passkey, ...passkeyRequest(name, passkey) };
}

async function signerOf(installation: Installation, name: string) {
  const file = readKey(installation.keysDir, name, 'key');
  if (!file) throw new Error(`${name} has no key`);
  return unlockKey(file, async () => '');
}

const pending = async (installation: Installation) =>
  pendingRequests(await readEnrolled(installation.context('noa'))).map(({ name, id, most }) => ({ name, id, most }));

test('a request waits, decides nothing, and is enrolled by somebody who is', async () => {
  const installation = await openInstallation();
  await installation.enroll('noa');
  const desk = installation.context('noa');
  const { key, signed } = requestBy('ida');
  await recordRequest(desk, signed, 'cli');
  expect(await pending(installation)).toEqual([{ name: 'ida', id: key, most: 'presence' }]);
  expect((await readEnrolled(desk)).registry.keys.has(key)).toBe(false);
  expect((await installation.events()).at(-1)).toMatchObject({
    type: 'approver.requested',
    actor: 'cli',
    detail: { claimed: 'ida', key },
  });
  await enrollRequested(desk, key, await signerOf(installation, 'noa'));
  expect(await pending(installation)).toEqual([]);
  expect((await readEnrolled(desk)).registry.keys.get(key)).toMatchObject({
    name: 'ida',
    maxAssurance: 'presence',
    enrolledBy: 'noa',
  });
  expect(await codeOf(enrollRequested(desk, key, await signerOf(installation, 'noa')))).toBe('not_found');
});

test('a request is by its own key, about itself, under one name', async () => {
  const installation = await openInstallation();
  await installation.enroll('noa');
  const desk = installation.context('noa');
  const { signed, passkey, key } = requestBy('ida');
  const other = requestBy('tom');
  expect(await codeOf(recordRequest(desk, { ...signed, signature: other.signed.signature }, 'cli'))).toBe(
    'approval_invalid',
  );
  expect(
    await codeOf(recordRequest(desk, { ...signed, statement: signed.statement.replaceAll('"ida"', '"noa"') }, 'cli')),
  ).toBe('approval_invalid');
  await recordRequest(desk, signed, 'cli');
  expect(await codeOf(recordRequest(desk, signed, 'cli'))).toBe('conflict');
  // Once the fingerprint was told, the name can't change any more.
  expect(await codeOf(recordRequest(desk, requestBy('noa', passkey).signed, 'cli'))).toBe('conflict');
  expect(await pending(installation)).toEqual([{ name: 'ida', id: key, most: 'presence' }]);
});

test('one who was revoked enrolls nobody, and requests can not fill the list', async () => {
  const installation = await openInstallation();
  await installation.enroll('noa', 'mara');
  const desk = installation.context('noa');
  const mara = await signerOf(installation, 'mara');
  const first = requestBy('ida');
  await recordRequest(desk, first.signed, 'cli');
  await revoke(desk, 'mara', 'left', await signerOf(installation, 'noa'));
  expect(await codeOf(enrollRequested(desk, first.key, mara))).toBe('not_enrolled');
  for (let more = 1; more < 50; more += 1) await recordRequest(desk, requestBy(`p${more}`).signed, 'cli');
  expect(await codeOf(recordRequest(desk, requestBy('last').signed, 'cli'))).toBe('conflict');
});
