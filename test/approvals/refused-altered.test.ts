import { expect, test } from 'vitest';
import { approve } from '../../approvals/cli/decide.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { codeOf } from '../scenes/installation.ts';
import { type ServedInstallation, servedInstallation } from '../scenes/page.ts';
import { withDatabase } from '../scenes/tables.ts';
import { replacePlan } from '../scenes/tampering.ts';
import { choiceOf, handMade } from '../web/hand-made.ts';
import { post } from '../web/requests.ts';

/** Someone who can write the database makes a harmless start of a deletion, and hopes that the log will say so. */
function forge(installation: ServedInstallation, { id }: StoredTicket): void {
  withDatabase({ database: installation.file }, (db) => {
    replacePlan(db, id, (plan) => ({ ...plan, tool: 'ec2_start_instances' }));
    db.prepare("UPDATE ticket SET draft = json_set(draft, '$.tool', 'ec2_start_instances') WHERE id = ?").run(id);
  });
}

async function askOnPage(installation: ServedInstallation, ticket: StoredTicket, key: string, review?: 'review') {
  const path = `/tickets/${ticket.id}/${review ? 'review/' : ''}question`;
  const choice = { ...choiceOf(installation, ticket, key), ...(review ? { decision: review } : {}) };
  return JSON.parse((await post(installation, path, choice)).body).refusal.code;
}

test('of an altered ticket the log says that a decision was refused, and no tool or plan that the row makes up', async () => {
  const installation = await servedInstallation();
  const { key } = await handMade(installation, 'ida');
  const ticket = await installation.openTicket();
  forge(installation, ticket);
  const digest = ticket.plan?.digest ?? '';
  expect(await askOnPage(installation, ticket, key)).toBe('tampered');
  expect(await askOnPage(installation, ticket, key, 'review')).toBe('tampered');
  expect(await codeOf(approve(installation.context('noa'), ticket.id, { yes: true, digest }))).toBe('tampered');
  expect(await codeOf(approve(installation.context('noa', []), ticket.id, {}))).toBe('tampered');
  const rejections = await installation.rejections();
  expect(rejections.map(({ actor, detail }) => [actor, detail.code])).toEqual([
    ['page', 'tampered'],
    ['page', 'tampered'],
    ['cli', 'tampered'],
    ['cli', 'tampered'],
  ]);
  // What the person named is told; what the row holds isn't.
  expect(rejections.map(({ detail }) => detail.digest)).toEqual([digest, undefined, digest, undefined]);
  expect(JSON.stringify(rejections)).not.toContain('ec2_start_instances');
});

test('of a ticket that the log vouches for it says both', async () => {
  const installation = await servedInstallation();
  const ticket = await installation.openTicket();
  expect(await codeOf(approve(installation.context('zoe', []), ticket.id, {}))).toBe('not_enrolled');
  expect(await installation.rejections()).toMatchObject([
    { tool: 'cloudformation_delete_stack', detail: { code: 'not_enrolled', digest: ticket.plan?.digest } },
  ]);
});
