import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { auditAccept } from '../../approvals/cli/accept-log.ts';
import { readEnrolled } from '../../approvals/desk.ts';
import { adminProof } from '../../src/kernel/approvers.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { codeOf } from '../scenes/installation.ts';
import { lockedOut } from '../scenes/locked-out.ts';

/*
 * Passkeys sign on the page alone, and anyone who accepts a log writes keys/head.db, where everything is theirs without
 * any signature: a stronger key than any admin's would keep nobody out but the admins.
 */
test("A6: any admin's key accepts the log, also where another key proves more, and nobody else's", async () => {
  const { installation } = await lockedOut();
  const head = join(installation.keysDir, 'head.db');
  rmSync(head);
  const store = openSqliteStore({ file: installation.file, clock: Date.now, head, recipients: () => [] });
  onTestFinished(() => store.close());
  const as = (name: string) => ({ ...installation.context(name), store: store.forApprover() });
  expect(adminProof((await readEnrolled(as('noa'))).registry)).toBe('presence');
  const { now } = await store.forHead().compare();
  const accepting = { head: `${now.size}:${now.root}`, reason: 'a new machine' };
  expect(await codeOf(auditAccept(as('ida'), store.forHead(), accepting))).toBe('not_enrolled');
  // It is in the log that ida was refused, so there is more to look at.
  const again = await store.forHead().compare();
  const done = await auditAccept(as('noa'), store.forHead(), {
    ...accepting,
    head: `${again.now.size}:${again.now.root}`,
  });
  expect(done.data).toMatchObject({ by: 'noa' });
  expect((await store.forHead().compare()).problem).toBeUndefined();
});
