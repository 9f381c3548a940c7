import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, CLI, makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { enroll } from '../scenes/here.ts';
import { CLIENTS, type Connect, type Person } from './clients.ts';

/**
 * A development environment, where an answer in the approver's chat client is enough, and a production one, where it is
 * not.
 */
const CONFIG = `environments:
  - name: development
    match: { tags: { env: dev } }
`;
const IN_DEVELOPMENT = 3;

let cloud: Cloud;
let place: Place;
let agent: Agent;
let development: readonly string[] = [];
let production: readonly string[] = [];

beforeAll(async () => {
  cloud = await startCloud({
    instances: [
      { count: CLIENTS.length * IN_DEVELOPMENT, tags: { env: 'dev' } },
      { count: CLIENTS.length, tags: { env: 'live' } },
    ],
  });
  place = makePlace({ endpoint: cloud.endpoint, config: CONFIG, env: { HOLDSHORT_APPROVER: 'noa' } });
  await enroll(place, 'noa');
  agent = await place.agent();
  const { instances } = (await agent.call('ec2_describe_instances')) as {
    instances: { instance_id: string; tags: Record<string, string> }[];
  };
  const idsOf = (env: string) => instances.filter(({ tags }) => tags.env === env).map(({ instance_id }) => instance_id);
  [development, production] = [idsOf('dev'), idsOf('live')];
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

async function held(instance: string): Promise<{ id: string; digest: string }> {
  const answer = await agent.call('ec2_terminate_instances', { instance_ids: [instance], reason: REASON });
  expect(answer).toMatchObject({ outcome: 'pending_approval' });
  return answer.ticket;
}

const companion = async ({ onTestFinished }: TestContext, connect: Connect, person?: Person) => {
  const client = await connect(place, { command: 'companion', ...(person ? { person } : {}) });
  onTestFinished(() => client.close());
  return client;
};

describe.each(CLIENTS)('%s', { concurrent: true }, (_name, connect, protocol) => {
  const number = CLIENTS.findIndex(([, other]) => other === connect);
  const instance = (which: number) => development[number * IN_DEVELOPMENT + which]!;

  test('approves in development when the person types the name, and it runs', async (context) => {
    const target = instance(0);
    const ticket = await held(target);
    let asked = '';
    const client = await companion(context, connect, ({ message }) => {
      asked = message;
      return { action: 'accept', content: { target_name: target, reason: 'It is only a development machine.' } };
    });
    expect(client).toMatchObject({ protocol, server: 'holdshort-companion' });
    expect(await client.tools()).toEqual(['approvals_list', 'approvals_show', 'approvals_decide']);
    const listed = (await client.call('approvals_list')).data as unknown as { tickets: object[] };
    expect(listed.tickets).toContainEqual(
      expect.objectContaining({ ticket_id: ticket.id, environment: 'development' }),
    );
    expect((await client.call('approvals_show', { ticket_id: ticket.id })).text).toContain(ticket.digest);

    const decided = await client.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(decided).toMatchObject({ isError: false, data: { decided: true, by: 'noa' } });
    expect(asked).toContain('APPROVE this as noa?');
    expect(asked).toContain(ticket.digest);
    const done = await agent.call('ticket_wait', { ticket_id: ticket.id });
    expect(done).toMatchObject({
      ticket: { state: 'succeeded', decisions: [{ by: 'noa', decision: 'approve', assurance: 'client' }] },
    });
    const sent = await cloud.requests('TerminateInstances');
    expect(sent.filter(({ parameters }) => JSON.stringify(parameters).includes(target))).toHaveLength(1);
  });

  test('decides nothing by accepting, by making up an answer, or by declining', async (context) => {
    const ticket = await held(instance(1));
    const answers: ReturnType<Person>[] = [
      { action: 'accept', content: {} },
      { action: 'accept', content: { target_name: 'yes' } },
      { action: 'decline' },
      { action: 'cancel' },
    ];
    const left = [...answers];
    const client = await companion(context, connect, () => left.shift()!);
    for (const { action } of answers) {
      const decided = await client.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
      if (action === 'accept')
        expect(decided).toMatchObject({ isError: true, data: { refusal: { code: 'not_confirmed' } } });
      else expect(decided).toMatchObject({ isError: false, data: { decided: false } });
    }
    expect(left).toEqual([]);
    expect(await agent.call('ticket_get', { ticket_id: ticket.id })).toMatchObject({
      ticket: { state: 'pending', decisions: [] },
    });
  });

  test('without forms, or where a passkey is needed, says how to decide elsewhere', async (context) => {
    const easy = await held(instance(2));
    const mute = await companion(context, connect);
    const unable = await mute.call('approvals_decide', { ticket_id: easy.id, decision: 'approve' });
    expect(unable).toMatchObject({ isError: false, data: { decided: false } });
    expect(unable.text).toContain(`${CLI} approve ${easy.id}`);

    const grave = await held(production[number]!);
    let asked = 0;
    const client = await companion(context, connect, () => {
      asked += 1;
      return { action: 'accept', content: { target_name: production[number]! } };
    });
    const tooLittle = await client.call('approvals_decide', { ticket_id: grave.id, decision: 'approve' });
    expect(tooLittle).toMatchObject({ isError: false, data: { decided: false } });
    expect(tooLittle.text).toContain('A key file is not enough to approve this.');
    expect(tooLittle.text).toMatch(
      /register a passkey as noa, [^\n]*:\n.*cli\.js web\n.*as an admin:\n.*cli\.js approvers enroll noa --key SHA256:\.\.\./,
    );
    expect(asked).toBe(0);
    expect(await agent.call('ticket_get', { ticket_id: grave.id })).toMatchObject({ ticket: { state: 'pending' } });
  });
});
