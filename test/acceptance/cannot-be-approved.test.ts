import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, approve, makePlace, type Place, REASON, until } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';
import { freePort } from '../scenes/page-process.ts';
import { send } from '../web/requests.ts';

/**
 * A newcomer's first tickets: nobody who is enrolled could approve them. It is said when they open, at every door, with
 * the way out.
 */

let cloud: Cloud;
let agents = 0;

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 8 }] });
});
afterAll(() => cloud[Symbol.asyncDispose]());

interface Held {
  readonly message: string;
  readonly next: string;
  readonly ticket: {
    readonly id: string;
    readonly digest: string;
    readonly cannot_be_approved?: { readonly message: string; readonly recovery: string };
  };
}

/** Each time by another agent, about another instance. */
async function held(agent: Agent): Promise<Held> {
  const { instances } = await agent.call('ec2_describe_instances');
  const instance_ids = [instances[agents % instances.length].instance_id];
  agents += 1;
  return await agent.call('ec2_terminate_instances', { instance_ids, reason: REASON });
}

async function opened(place: Place, operator: string): Promise<{ agent: Agent; answer: Held }> {
  const agent = await place.agent(['--agent', `a-${agents}`, '--operator', operator, '--no-executor']);
  return { agent, answer: await held(agent) };
}

test('D24: nobody is enrolled: the agent hears it from the call on, and people at every door', async () => {
  await using place = makePlace({ endpoint: cloud.endpoint, config: `web: { port: ${await freePort()} }\n` });
  const { agent, answer } = await opened(place, 'otto');
  const { id } = answer.ticket;
  const again = await agent.call('ticket_get', { ticket_id: id });
  const waited = await agent.call('ticket_wait', { ticket_id: id, timeout_seconds: 1 });
  const read = await agent.client.readResource({ uri: `holdshort://tickets/${id}` });
  const [resource] = read.contents as { text: string }[];
  for (const told of [answer, again, waited, JSON.parse(resource!.text)] as Held[]) {
    expect(told.ticket.cannot_be_approved?.message).toContain('nobody is enrolled yet');
    expect(told.ticket.cannot_be_approved!.recovery).toContain('approvers enroll NAME');
    expect(told.message).toContain('nobody can approve it');
    expect(told.next).toContain(told.ticket.cannot_be_approved!.recovery);
  }
  const { content } = await agent.client.callTool({ name: 'ticket_get', arguments: { ticket_id: id } });
  expect(JSON.stringify(content)).toContain('nobody is enrolled yet');

  const shown = await place.cli(['tickets', 'show', id]);
  expect(shown.stdout).toContain('nobody is enrolled yet');
  expect(shown.stdout).toContain('approvers enroll NAME');
  const list = await place.cli(['tickets', 'list']);
  expect(list.stdout).toContain('nobody can approve it: nobody is enrolled yet');
  const data = await place.json(['tickets', 'show', id]);
  expect(data.ticket.cannot_be_approved.message).toContain('nobody is enrolled yet');

  const companion = await place.agent([], { command: 'companion', env: { HOLDSHORT_APPROVER: 'noa' } });
  for (const [name, given] of [
    ['approvals_show', { ticket_id: id }],
    ['approvals_list', {}],
  ] as const) {
    const { content: said, structuredContent } = await companion.client.callTool({ name, arguments: given });
    expect(JSON.stringify(said), name).toContain('nobody is enrolled yet');
    expect(JSON.stringify(structuredContent), name).toContain('nobody is enrolled yet');
  }

  place.start(['web']);
  const page = await until(
    () => send((answer.ticket as unknown as { review_url: string }).review_url).catch(() => undefined),
    (reply) => reply !== undefined,
  );
  expect(page?.body).toContain('nobody is enrolled yet');
  expect(page?.body).toContain('approvers enroll NAME');

  // Once someone is who could, nothing of it is said any more.
  await enroll(place, 'noa');
  const after: Held = await agent.call('ticket_get', { ticket_id: id });
  expect(after.ticket.cannot_be_approved?.message).toContain('nobody who may give it has such a key');
});

test('D24: the only approver is the one whom the agent works for', async () => {
  await using place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(place, 'noa');
  const { agent, answer } = await opened(place, 'noa');
  const { message, recovery } = answer.ticket.cannot_be_approved!;
  expect(message).toContain('the agent works for noa, and nobody else is enrolled');
  expect(recovery).toContain('approvers enroll NAME');
  expect(recovery).toContain('One person alone');
  expect(await approve(place, answer.ticket, 'noa')).toMatchObject({ code: 3 });

  await enroll(place, 'mara', 'noa');
  const after: Held = await agent.call('ticket_get', { ticket_id: answer.ticket.id });
  expect(after.ticket).not.toHaveProperty('cannot_be_approved');
  expect(after.message).not.toContain('nobody can approve it');
  expect(await approve(place, answer.ticket, 'mara')).toMatchObject({ code: 0 });
});

test('D24: production is asked on a first try, and nobody has a passkey', async () => {
  await using place = makePlace({ endpoint: cloud.endpoint });
  await enroll(place, 'noa');
  const { answer } = await opened(place, 'otto');
  const { message, recovery } = answer.ticket.cannot_be_approved!;
  expect(message).toContain('nobody who may give it has such a key (without: noa)');
  expect(recovery).toMatch(/register a passkey as noa, at the second address of: .* web/);
  expect(recovery).toContain('where this is not production, a rule under "environments:"');
  expect(recovery).toContain('approvers enroll noa --key SHA256:...');
});

test('D24: two are asked for, and one is there', async () => {
  const policy = `
    @id("reads") permit (principal, action in Action::"read", resource);
    @id("two") permit (principal, action in Action::"change", resource) when { context.approvals.all.key >= 2 };
  `;
  await using place = makePlace({ endpoint: cloud.endpoint, config: 'policy: ./two.cedar\n' });
  writeFileSync(join(place.home, 'two.cedar'), policy);
  await enroll(place, 'noa');
  const { answer } = await opened(place, 'otto');
  expect(answer.ticket.cannot_be_approved?.message).toContain('it needs 2 approvals with an enrolled key');
  expect(answer.ticket.cannot_be_approved?.message).toContain('only noa may give one');
  const shown = await place.cli(['tickets', 'show', answer.ticket.id]);
  expect(shown.stdout).toContain('enroll somebody:');
});

test('D24: what can be approved says nothing of it, and neither does what ended', async () => {
  await using place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(place, 'noa');
  const { agent, answer } = await opened(place, 'otto');
  expect(answer.ticket).not.toHaveProperty('cannot_be_approved');
  expect(await place.json(['tickets', 'show', answer.ticket.id])).toMatchObject({
    ticket: { cannot_be_approved: null },
  });
  const withdrawn: Held = await agent.call('ticket_withdraw', { ticket_id: answer.ticket.id, reason: REASON });
  expect(withdrawn.ticket).not.toHaveProperty('cannot_be_approved');
});
