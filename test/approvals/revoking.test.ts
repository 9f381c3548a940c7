import { expect, test } from 'vitest';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import { approversRevoke } from '../../approvals/cli/approvers-revoke.ts';
import { codeOf } from '../scenes/installation.ts';
import { asksFor, enrolledBy, gated, keyOf, lockedOut } from '../scenes/locked-out.ts';

test("A2: whoever lost a stronger key revokes it with the key file that is left; nobody else's key file does", async () => {
  const { installation, lost: noas } = await lockedOut();
  const [idas, spare] = [await asksFor(installation, 'ida'), await asksFor(installation, 'noa')];
  for (const [key, role] of [
    [idas, 'approver'],
    [spare, 'admin'],
  ] as const)
    await enrolledBy(installation, noas, key, role);
  const approved = await gated(installation, idas);
  expect(await approved()).toBe('go');
  const revokes = (name: string, key: { id: string }) =>
    approversRevoke(installation.context(name), key.id, { reason: 'it was stolen', as: name });
  expect(await codeOf(revokes('noa', idas))).toBe('assurance_too_low');
  expect(await codeOf(revokes('ida', noas))).toBe('not_enrolled');
  await revokes('ida', idas);
  expect(await keyOf(installation, idas)).toMatchObject({ revokedAt: expect.any(String) });
  expect(await approved()).toBe('stop');
  await revokes('noa', spare);
  expect(await keyOf(installation, spare)).toMatchObject({ revokedAt: expect.any(String) });
  // It is no way to be the strongest again, and the last one stays.
  expect(await codeOf(revokes('noa', noas))).toBe('conflict');
  const next = await asksFor(installation, 'noa');
  expect(await codeOf(approversEnroll(installation.context('noa'), 'noa', { key: next.id, yes: true }))).toBe(
    'assurance_too_low',
  );
});
