import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { approve, done, enroll } from '../scenes/here.ts';
import { CLIENTS, type Connected } from './clients.ts';

/*
 * Some clients (Mastra 0.14) hand their model the structured part of an answer and drop its text. What a model must
 * know to go on has to be in that part.
 */

let cloud: Cloud;
let place: Place;

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: CLIENTS.length, tags: { Name: 'web' } }] });
  place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(place, 'noa');
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

interface Told {
  readonly message: string;
  readonly next?: string;
  readonly outcome?: string;
  readonly ticket: { readonly id: string; readonly digest: string };
}

/** All that the model of such a client ever sees. */
async function told(client: Connected, name: string, args: Record<string, unknown>): Promise<Told> {
  return (await client.call(name, args)).data as unknown as Told;
}

describe.each(CLIENTS)('D25: %s that shows its model structured content alone', (_name, connect) => {
  const number = CLIENTS.findIndex(([, other]) => other === connect);

  test('reads there what is held and what to do next, from the call to the outcome', async ({ onTestFinished }) => {
    const client = await connect(place, { args: ['--agent', `reader-${number}`] });
    onTestFinished(() => client.close());
    const described = await client.call('ec2_describe_instances');
    const instance = described.data.instances[number]!.instance_id;

    const held = await told(client, 'ec2_stop_instances', { instance_ids: [instance], reason: REASON });
    const { id } = held.ticket;
    expect(held.outcome).toBe('pending_approval');
    for (const answer of [
      held,
      await told(client, 'ticket_get', { ticket_id: id }),
      await told(client, 'ticket_wait', { ticket_id: id, timeout_seconds: 1 }),
    ]) {
      expect(answer.message).toContain('Held, nothing has run: ');
      expect(answer.message).toContain(id);
      expect(answer.message).toContain('nothing that you can send approves it');
      expect(answer.next).toContain('ticket_wait');
    }
    expect(await approve(place, held.ticket, 'noa')).toMatchObject({ code: 0 });
    const done = await told(client, 'ticket_wait', { ticket_id: id });
    expect(done.message).toMatch(/^Done: /);
    expect(done).not.toHaveProperty('next');
  });

  test('reads there why a ticket ended, and how to go on', async ({ onTestFinished }) => {
    const client = await connect(place, { args: ['--agent', `denied-${number}`] });
    onTestFinished(() => client.close());
    const described = await client.call('ec2_describe_instances');
    const instance = described.data.instances[number]!.instance_id;
    const held = await told(client, 'ec2_terminate_instances', { instance_ids: [instance], reason: REASON });
    const { id } = held.ticket;
    await done(
      place,
      'deny',
      held.ticket.id,
      '--reason',
      'not today',
      '--yes',
      '--digest',
      held.ticket.digest,
      '--as',
      'noa',
    );
    const ended = await told(client, 'ticket_get', { ticket_id: id });
    expect(ended.message).toContain('Denied by noa: not today.');
    expect(ended.next?.length).toBeGreaterThan(10);
  });
});
