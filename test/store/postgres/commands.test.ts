import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/present/command-result.ts';
import { startCloud } from '../../scenes/cloud.ts';
import { approve, makePlace, REASON, until } from '../../scenes/front-door.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: commands on a store in PostgreSQL: ${MISSING}`);

describe.skipIf(!program)('the built command, on a store in PostgreSQL', () => {
  let server: Server;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
  }, 120_000);
  afterAll(() => server?.stop());

  it('takes a change from the call to its effect: held, decided by a person, executed once, and verified', async () => {
    const database = await makeDatabase(server, 'template');
    await using cloud = await startCloud({ instances: [{}] });
    const env = { HOLDSHORT_STORE: server.address('hub', database) };
    await using place = makePlace({ endpoint: cloud.endpoint, env, config: 'anchor: ./anchor\n', production: 'key' });
    mkdirSync(join(place.home, 'anchor'), { mode: 0o700 });
    const enrolled = await place.cli(['approvers', 'enroll', 'ana', '--no-passphrase']);
    expect(enrolled, enrolled.stderr).toMatchObject({ code: EXIT.done });
    const agent = await place.agent(['--no-executor', '--operator', 'otto']);
    const { instances } = (await agent.call('ec2_describe_instances')) as {
      instances: { instance_id: string }[];
    };
    const args = { instance_ids: [instances[0]?.instance_id], reason: REASON };
    const { ticket } = await agent.call('ec2_stop_instances', args);
    expect(ticket).toMatchObject({ state: 'pending' });
    expect(await agent.call('ec2_stop_instances', args)).toMatchObject({ ticket: { id: ticket.id } });
    const approved = await approve(place, ticket, 'ana');
    expect(approved, approved.stderr).toMatchObject({ code: EXIT.done });
    for (let executors = 0; executors < 3; executors += 1) place.start(['executor']);
    const ended = await until(
      () => agent.call('ticket_get', { ticket_id: ticket.id }),
      (answer) => !['approved', 'executing'].includes(answer.ticket?.state),
    );
    expect(ended.ticket, JSON.stringify(ended)).toMatchObject({ state: 'succeeded' });
    expect(await cloud.requests('StopInstances')).toHaveLength(1);
    const verified = await place.cli(['audit', 'verify']);
    expect(verified, verified.stderr + verified.stdout).toMatchObject({ code: EXIT.done });
    const { tickets } = await place.json(['tickets', 'list']);
    expect(tickets).toEqual([expect.objectContaining({ id: ticket.id, state: 'succeeded' })]);
  });

  it('tells what a login may do, and what in the database is not as it was made', async () => {
    const database = await makeDatabase(server, 'template');
    await using place = makePlace();
    const check = (login: string) => place.cli(['store', 'check', server.address(login, database)]);
    expect(await check('an_agent')).toMatchObject({
      code: EXIT.done,
      stdout: expect.stringMatching(/schema 1, 0 entries[\s\S]*an_agent has the roles agent\.[\s\S]*Nothing is wrong/),
    });
    const refused = await check('postgres');
    expect(refused).toMatchObject({ code: EXIT.failed, stderr: expect.stringContaining('superuser') });
    const change = (sql: string) => asked(server.superuser(database), (client) => client.query(sql));
    for (const [sql, fault] of [
      ['ALTER TABLE holdshort.entry DISABLE TRIGGER entry_stays', 'trigger entry_stays is not as it was made'],
      ['GRANT UPDATE ON holdshort.entry TO an_agent', 'an_agent may UPDATE entry'],
      ['ALTER FUNCTION holdshort.write_steps(text, jsonb) RESET ALL', 'function write_steps is not as it was made'],
      ['DROP INDEX holdshort.entry_ticket', 'index entry_ticket is missing'],
      ['ALTER TABLE holdshort.ticket OWNER TO an_agent', 'ticket is owned by an_agent'],
    ] as const) {
      await change(sql);
      expect(await check('an_auditor'), sql).toMatchObject({
        code: EXIT.unverified,
        stdout: expect.stringContaining(fault),
      });
    }
  });

  it('makes the schema, once', async () => {
    await asked(server.superuser(), (client) => client.query('CREATE DATABASE by_command'));
    await using place = makePlace({ env: { HOLDSHORT_STORE: server.address('hub', 'by_command') } });
    expect(await place.cli(['store', 'check'])).toMatchObject({
      code: EXIT.failed,
      stderr: expect.stringContaining('store migrate'),
    });
    const address = server.address('postgres', 'by_command');
    expect(await place.json(['store', 'migrate', address])).toEqual({ from: 0, to: 1 });
    expect(await place.json(['store', 'migrate', address])).toEqual({ from: 1, to: 1 });
    expect(await place.cli(['store', 'check'])).toMatchObject({ code: EXIT.done });
    expect(await place.cli(['store', 'migrate', 'postgres://admin:secret@db/holdshort'])).toMatchObject({
      code: EXIT.usage,
      stderr: expect.not.stringContaining('secret@'),
    });
  });
});
