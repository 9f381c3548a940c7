import { afterAll, beforeAll, expect, test } from 'vitest';
import { policyText } from '../../src/policy/default.ts';
import type { PolicyEngine } from '../../src/policy/engine.ts';
import { policyOf, type RecheckScene, recheckScene, ruled, stopped, waits } from '../scenes/executor.ts';
import { type Person, person } from '../scenes/openings.ts';

/* Who approved, and what they and the policy say now. */

let scene: RecheckScene;
let context: RecheckScene['context'];
let readOnly: PolicyEngine;
beforeAll(async () => {
  readOnly = await policyOf('permit (principal, action in Action::"read", resource);');
  scene = await recheckScene({ volumes: [{}] });
  context = scene.context;
});
afterAll(async () => await scene[Symbol.asyncDispose]());

const asked = async (more: Parameters<RecheckScene['asked']>[2] = {}) => {
  const [volume] = await scene.volumes();
  return await scene.asked('ec2_delete_volume', { volume_id: volume! }, more);
};
const approved = async (by: readonly Person[] = [scene.mara], more = {}) => {
  const ticket = await asked(more);
  for (const one of by) await scene.decided(one, ticket);
  return await scene.read(ticket);
};
const enrolled = async (name: string, groups?: readonly string[]) => {
  const who = person(name);
  await scene.enroll(who, groups);
  return who;
};
const revoke = ({ keyId: public_key_id }: Person) =>
  scene.say(scene.mara, { kind: 'revoke', public_key_id, reason: 'left' });
/** What the gate says when something else holds than did so far. */
const under = async (other: Partial<RecheckScene['context']>, ticket: Awaited<ReturnType<typeof approved>>) => {
  scene.context = { ...context, ...other };
  try {
    return await scene.recheck(ticket);
  } finally {
    scene.context = context;
  }
};

const AGAIN = /^let the agent ask again, and have it decided by enrolled approvers$/;
const notEnough = (message: string) => stopped('denied', 'approval_invalid', message, AGAIN);
const uncounted = (why: string) =>
  notEnough(`decisions that do not count (${why}) leave it without the approvals that it needs`);

test('while changes are halted it waits, and says by whom and how that ends', async () => {
  const ticket = await approved();
  const { nonce } = await scene.say(scene.nina, { kind: 'halt', reason: 'something is wrong' });
  const halted = waits('halted', 'every change is halted by nina', /`holdshort resume`/);
  expect([await scene.recheck(ticket), await scene.gate(ticket)]).toEqual([halted, halted]);
  await scene.say(scene.mara, { kind: 'resume', halts: [nonce] });
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go', weighed: { decisions: 1, statements: 4 } });
});

test('a ticket that nobody has decided yet does not go, with nothing wrong about it', async () => {
  const ticket = await asked();
  expect(await scene.recheck(ticket)).toEqual(waits('conflict', `${ticket.id} is pending`, /^nothing to do$/));
});

test('before a further step the same is asked of what is carried out, and of nothing else', async () => {
  const ticket = await approved();
  const conflict = (state: string) => waits('conflict', `${ticket.id} is ${state}`, /^nothing to do$/);
  expect(await scene.gate(ticket, 'next_step')).toEqual(conflict('approved'));
  const claim = await scene.begun(ticket);
  const executing = await scene.read(ticket);
  expect(await scene.gate(executing)).toEqual(conflict('executing'));
  // That it isn't settled itself is no reason to wait.
  expect(await scene.gate(executing, 'next_step')).toMatchObject({ kind: 'go', plan: { ticket: ticket.id } });
  const { nonce } = await scene.say(scene.nina, { kind: 'halt', reason: 'something is wrong' });
  expect(await scene.gate(executing, 'next_step')).toEqual(waits('halted', 'every change is halted by nina'));
  await scene.say(scene.mara, { kind: 'resume', halts: [nonce] });
  await scene.store.forExecutor('ex1').finish(claim, 'failed', {}, undefined);
});

test('a denial stops it, whoever else approves and whatever policy says now', async () => {
  const ticket = await approved();
  await scene.decided(scene.nina, ticket, 'deny');
  const denied = stopped('denied', 'denied', /^nina denied it/, /^ask them what would be acceptable$/);
  expect(await scene.recheck(ticket)).toEqual(denied);
  expect(await under({ policy: async () => readOnly }, ticket)).toEqual(denied);
});

test('an approval that was taken back stops it, and names who did', async () => {
  const ticket = await approved([scene.mara, scene.nina]);
  await scene.decided(scene.mara, ticket, 'withdraw');
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
  await scene.decided(scene.nina, ticket, 'withdraw');
  const message = 'mara, nina took the approval back before it began';
  expect(await scene.recheck(ticket)).toEqual(
    stopped('denied', 'approval_invalid', message, /^ask them what .* let the agent ask again$/),
  );
});

test('decisions that do not count are told by why, each reason once', async () => {
  const [olga, pia] = [await enrolled('olga'), await enrolled('pia')];
  const ticket = await approved([olga, pia]);
  await revoke(olga);
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
  await revoke(pia);
  expect(await scene.recheck(ticket)).toEqual(uncounted('revoked key'));
  await scene.decided(person('nobody'), ticket);
  expect(await scene.recheck(ticket)).toEqual(uncounted('revoked key, unknown key'));
  // Where one was also taken back, both are told.
  await scene.decided(scene.nina, ticket);
  await scene.decided(scene.nina, ticket, 'withdraw');
  const both = /^nina took the approval back before it began; decisions .* \(revoked key, unknown key\) leave/;
  expect(await scene.recheck(ticket)).toEqual(stopped('denied', 'approval_invalid', both));
});

test('an approval counts as long as it says', async () => {
  const ticket = await asked();
  await scene.decided(scene.mara, ticket, 'approve', { expires_at: new Date(scene.now + 1000).toISOString() });
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
  scene.now += 1000;
  expect(await scene.recheck(ticket)).toEqual(uncounted('expired'));
});

test('nobody is believed who does not go back to the pinned first key', async () => {
  const ticket = await approved();
  expect(await under({ pinned: () => ({ rootKeyId: undefined, recoveries: new Set() }) }, ticket)).toEqual(
    uncounted('unknown key'),
  );
});

test('who left the team after the ticket was opened approves it no more as somebody else', async () => {
  const tom = await enrolled('tom', ['payments']);
  const early = await approved([tom], { operator: 'payments' });
  await scene.say(scene.mara, { kind: 'membership', name: 'tom', groups: [] });
  const late = await approved([tom], { operator: 'payments' });
  expect(await scene.recheck(early)).toEqual(notEnough('the approvals do not meet what the plan promised its readers'));
  expect(await scene.recheck(late)).toMatchObject({ kind: 'go' });
});

test('what the plan promised its readers holds, also where policy asks for less now', async () => {
  const requirement = { approvals: 2, assurance: 'key', operator_may_approve: false } as const;
  const ticket = await approved([scene.mara], { plan: { requirement } });
  expect(await scene.recheck(ticket)).toEqual(
    notEnough('the approvals do not meet what the plan promised its readers'),
  );
  await scene.decided(scene.nina, ticket);
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
});

test('what policy asks now holds, also where the plan promised less', async () => {
  const presence = await policyOf(policyText('presence'));
  expect(await under({ policy: async () => presence }, await approved())).toEqual(
    notEnough('the approvals do not meet what the policy asks now'),
  );
});

test('where policy permits it to nobody any more, that is what it says', async () => {
  const ticket = await approved();
  const freeze = { name: 'new-year', reason: 'nobody is there', time_zone: 'UTC' };
  const rules = ruled({ freezes: [{ ...freeze, from: '2026-01-02T00:00', until: '2026-01-03T00:00' }] });
  expect(await under({ rules }, ticket)).toEqual(
    stopped('denied', 'policy_forbids', /freeze new-year until .*: nobody is there$/, /^ask again after/),
  );
  expect(await under({ policy: async () => readOnly }, ticket)).toEqual(
    stopped('denied', 'policy_forbids', /: no rule permits it$/),
  );
});

test('a policy that can not be loaded makes it wait; what is a fault of ours is none of the ticket', async () => {
  const ticket = await approved();
  expect(await under({ policy: async () => await policyOf('permit (') }, ticket)).toEqual(
    waits('policy_invalid', /a test/),
  );
  await expect(under({ rules: async () => JSON.parse('{') }, ticket)).rejects.toBeInstanceOf(SyntaxError);
});

test('a rule that lets somebody break the glass lets it go, with who did', async () => {
  const glass = `${policyText('presence')}
    @id("glass") permit (principal, action, resource) when { context.break_glass.key.contains("nina") };`;
  const engine = await policyOf(glass);
  const ticket = await asked();
  const soon = new Date(scene.now + 60_000).toISOString();
  await scene.decided(scene.nina, ticket, 'approve', { break_glass: true, reason: 'on fire', expires_at: soon });
  expect(await under({ policy: async () => engine }, ticket)).toMatchObject({
    kind: 'go',
    clearance: { broken_by: ['nina'] },
  });
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go', clearance: { broken_by: [] } });
});

test('AWS is not even read for a ticket that its people do not clear', async () => {
  const ticket = await approved();
  await scene.decided(scene.mara, ticket, 'withdraw');
  const before = (await scene.cloud.requests()).length;
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'stop' });
  expect(await scene.cloud.requests()).toHaveLength(before);
});

/* Last: it moves the clock past everything that the others asked for. */
test('a ticket whose time is over has expired, also where nothing is known of its tool any more', async () => {
  const ticket = await approved();
  scene.now = Date.parse(ticket.draft.expires_at) - 1;
  await scene.decided(scene.nina, ticket, 'approve', { expires_at: new Date(scene.now + 60_000).toISOString() });
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
  scene.now += 1;
  expect(await under({ toolOf: () => undefined }, ticket)).toEqual({ kind: 'expired' });
  expect(await scene.gate(await scene.read(ticket))).toEqual({ kind: 'expired' });
});
