import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keyPath } from '../../approvals/keys/keys.ts';
import { approve, type Place, REASON, until } from '../scenes/front-door.ts';
import { done } from '../scenes/here.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/** Revoking a key, and leaving a team, through the built command: neither brings back what was stopped. */

async function ran(place: Place, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await place.cli(args);
  expect(code, `${args.join(' ')}: ${stderr}`).toBe(0);
  return stdout;
}

/** A second key file of ida, enrolled by noa; the first one is put aside. */
async function secondKey(place: Place, ...rights: readonly string[]) {
  const path = keyPath(join(place.home, 'keys'), 'ida', 'key');
  const aside = `${path}.aside`;
  renameSync(path, aside);
  const asked = await done(place, 'approvers', 'request', 'ida', '--no-passphrase', '--json');
  const { key } = JSON.parse(asked.stdout) as { key: string };
  await done(place, 'approvers', 'enroll', 'ida', '--key', key, '--yes', '--as', 'noa', ...rights);
  return { key, putBack: () => renameSync(aside, path) };
}

async function asks({ agent }: Scene) {
  const [instance] = (await agent.call('ec2_describe_instances')).instances as { instance_id: string }[];
  const asked = await agent.call('ec2_stop_instances', { instance_ids: [instance!.instance_id], reason: REASON });
  return asked.ticket as { id: string; digest: string };
}

test('A1: an approval that was withdrawn with another key, which was revoked then, runs nothing', {
  timeout: 240_000,
}, async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers: ['noa', 'ida'] });
  const { place, cloud, agent } = scene;
  const ticket = await asks(scene);
  await done(place, 'approve', ticket.id, '--yes', '--digest', ticket.digest, '--as', 'ida');
  const { key } = await secondKey(place);
  await ran(place, ['approve', ticket.id, '--withdraw', '--as', 'ida']);
  await ran(place, ['approvers', 'revoke', key, '--reason', 'lost', '--as', 'noa']);
  place.start(['executor']);
  await until(
    () => scene.state(ticket.id),
    (state) => state !== 'approved',
  );
  expect(scene.state(ticket.id)).toBe('denied');
  const { refusal } = await agent.call('ticket_get', { ticket_id: ticket.id });
  expect(refusal).toMatchObject({ message: 'ida took the approval back before it began' });
  expect(await cloud.requests('StopInstances')).toEqual([]);
});

test("A3: who was in the operator's team when a ticket was opened approves it not as somebody else, whatever they leave or revoke", {
  timeout: 240_000,
}, async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers: ['noa', 'ida'] });
  const { place } = scene;
  const { key, putBack } = await secondKey(place, '--group', 'otto');
  const ticket = await asks(scene);
  await ran(place, ['approvers', 'revoke', key, '--reason', 'leaving the team', '--as', 'ida']);
  putBack();
  const excluded = await approve(place, ticket, 'ida');
  expect(excluded.stderr).toContain('the agent works for otto, and nobody of that team, like ida, may approve this');
  // Nobody but an admin says who is in which team.
  const own = await place.cli(['approvers', 'groups', 'ida', '--none', '--as', 'ida']);
  expect(own).toMatchObject({ code: 3, stderr: expect.stringContaining("this takes an admin's") });
  const left = await ran(place, ['approvers', 'groups', 'ida', '--none', '--as', 'noa']);
  expect(left).toContain('For tickets that were opened before now, ida is still in otto.');
  expect((await approve(place, ticket, 'ida')).stderr).toContain('the agent works for otto');
  await ran(place, ['deny', ticket.id, '--yes', '--digest', ticket.digest, '--reason', 'ask again', '--as', 'noa']);
  expect(scene.state(ticket.id)).toBe('denied');
});

test('A3: teams are set by their names, and the list shows them', { timeout: 120_000 }, async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers: ['noa', 'ida'] });
  const { place } = scene;
  const groups = (...args: string[]) => place.cli(['approvers', 'groups', ...args, '--as', 'noa']);
  expect(await groups('ida')).toMatchObject({ code: 2, stderr: expect.stringContaining('--none') });
  expect(await groups('ida', '--group', 'Otto')).toMatchObject({ code: 2 });
  expect(await groups('tom', '--group', 'otto')).toMatchObject({ stderr: expect.stringContaining('ever enrolled') });
  expect(await groups('ida', '--group', 'otto', '--group', 'search')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('ida is now in otto, search, signed by noa.'),
  });
  expect(await groups('ida', '--group', 'search', '--group', 'otto')).toMatchObject({
    stderr: expect.stringContaining('already'),
  });
  expect(await ran(place, ['approvers', 'list'])).toContain('  in otto, search');
  const verified = await ran(place, ['audit', 'verify']);
  expect(verified).not.toContain('problem');
});

test("A1: revoking a key takes the chat clients' keys that it enrolled with it, and says so", {
  timeout: 120_000,
}, async () => {
  await using scene = await setScene({ instances: [{}] }, { approvers: ['noa', 'ida'] });
  const { place } = scene;
  const listed = async () => {
    const { approvers } = JSON.parse((await done(place, 'approvers', 'list', '--json')).stdout);
    return approvers as { name: string; kind: string; key: string; revoked_at: string | null }[];
  };
  const idas = async (kind: string) => (await listed()).findLast((key) => key.name === 'ida' && key.kind === kind)!;
  const [key, chat] = [await idas('key file'), await idas('chat key')];
  const told = await ran(place, ['approvers', 'revoke', key.key, '--reason', 'stolen', '--as', 'noa']);
  expect(told).toContain(`Revoked with it, because it had enrolled them:\n  ida   chat key   ${chat.key}\n`);
  expect(told).toContain('a new one for ida: node');
  expect((await idas('chat key')).revoked_at).not.toBeNull();
  // Both are made again by the command that it names.
  await ran(place, ['approvers', 'enroll', 'ida', '--no-passphrase', '--as', 'noa']);
  const [, again] = [await idas('key file'), await idas('chat key')];
  expect(again).toMatchObject({ revoked_at: null, key: expect.not.stringContaining(chat.key) });
  const noas = (await listed()).find(({ name, kind }) => name === 'noa' && kind === 'key file')!;
  await ran(place, ['approvers', 'enroll', 'mara', '--no-passphrase', '--role', 'admin', '--as', 'noa']);
  const all = await ran(place, ['approvers', 'revoke', noas.key, '--reason', 'stolen', '--as', 'mara']);
  expect(all).toContain('It had enrolled these too, which go on.');
  expect(all).toContain(`  mara   key file   `);
  expect(await ran(place, ['audit', 'verify'])).not.toContain('problem');
});
