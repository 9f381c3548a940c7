import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../../src/commands/verify.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import { EXIT } from '../../../src/present/command-result.ts';
import { startCloud } from '../../scenes/cloud.ts';
import { approve, makePlace, type Place, REASON } from '../../scenes/front-door.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: what who owns the database alters, column by column: ${MISSING}`);

const ANOTHER_SCHEMA = /its schema is \d+, this version/;

/** On none of these rests what is verified. */
const WORK = {
  notice: 'what waits to be told',
  operation: 'what was committed, for a quarter of an hour',
  residue: 'what waits to be removed from AWS, which is looked at there first',
};
const UNTOLD: Readonly<Record<string, string>> = {
  'tree.one': 'it has one value',
  'tree.news': 'wakes those who wait, who look anyway',
  'ticket.n': 'the database makes it',
  'ticket.call': 'finds the same call again, which is compared with what the log vouches for',
  'ticket.claim_owner': 'who is at work; what was begun is in keys/executed',
  'ticket.claim_epoch': 'the same',
  'ticket.claim_until': 'the same',
  'ticket.progress': 'how far AWS is, shown as what an executor said',
};
/** Another value that the column can have; of those that aren't here, by its type. */
const OTHERS: Readonly<Record<string, string>> = {
  'ticket.id': "overlay(id PLACING '00' FROM 5)",
  'ticket.state': "'denied'",
  'ticket.plan': "replace(plan, 'stop', 'keep')",
  'ticket.draft': "replace(draft, 'needs', 'wants')",
  'entry.seq': 'seq + 1000',
};
const BY_TYPE: Readonly<Record<string, (column: string) => string>> = {
  text: (column) => `coalesce(${column}, '') || 'x'`,
  bigint: (column) => `coalesce(${column}, 0) + 1`,
  integer: (column) => `${column} + 1`,
  boolean: (column) => `NOT ${column}`,
  bytea: (column) => `set_byte(${column}, 0, (get_byte(${column}, 0) + 1) % 256)`,
};

describe.skipIf(!program)('who owns the database alters one value, with its fences down meanwhile', () => {
  let server: Server;
  let database: string;
  let place: Place;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
    database = await makeDatabase(server, 'template');
    await using cloud = await startCloud({ instances: [{}] });
    const env = { HOLDSHORT_STORE: server.address('hub', database) };
    place = makePlace({ endpoint: cloud.endpoint, env, production: 'key' });
    const enrolled = await place.cli(['approvers', 'enroll', 'ana', '--no-passphrase']);
    expect(enrolled, enrolled.stderr).toMatchObject({ code: EXIT.done });
    const agent = await place.agent(['--no-executor', '--operator', 'otto']);
    const { instances } = await agent.call('ec2_describe_instances');
    const args = { instance_ids: [instances[0].instance_id], reason: REASON };
    const { ticket } = await agent.call('ec2_stop_instances', args);
    const approved = await approve(place, ticket, 'ana');
    expect(approved, approved.stderr).toMatchObject({ code: EXIT.done });
    await agent.close();
  }, 180_000);
  afterAll(async () => {
    await place?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  const sql = (text: string) => asked(server.superuser(database), async (client) => (await client.query(text)).rows);
  const unfenced = (text: string) => sql(`SET session_replication_role = replica; ${text}`);
  /** What it prints of the log, or for a schema of another version, that it is one: no other failure tells anything. */
  const found = async () => {
    try {
      return (await verify({ env: place.env, sandbox: false })).exit;
    } catch (error) {
      if (error instanceof HoldshortError && ANOTHER_SCHEMA.test(error.message)) return EXIT.unverified;
      throw error;
    }
  };

  it('audit verify tells of each that something rests on', async () => {
    expect(await found()).toBe(EXIT.done);
    const columns: { name: string; column: string; type: string }[] = await sql(
      `SELECT table_name AS name, column_name AS column, data_type AS type FROM information_schema.columns
       JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema = 'holdshort' AND table_type = 'BASE TABLE' ORDER BY table_name, ordinal_position`,
    );
    const silent: string[] = [];
    for (const { name, column, type } of columns) {
      const what = `${name}.${column}`;
      if (Object.hasOwn(WORK, name) || Object.hasOwn(UNTOLD, what)) continue;
      const other = OTHERS[what] ?? BY_TYPE[type]?.(column);
      await sql(`CREATE TABLE public.kept AS TABLE holdshort.${name}`);
      const one = `SELECT ctid FROM holdshort.${name} LIMIT 1`;
      await unfenced(`UPDATE holdshort.${name} SET ${column} = ${other} WHERE ctid = (${one})`);
      if ((await found()) !== EXIT.unverified) silent.push(what);
      await unfenced(`DELETE FROM holdshort.${name};
        INSERT INTO holdshort.${name} OVERRIDING SYSTEM VALUE SELECT * FROM public.kept; DROP TABLE public.kept`);
    }
    expect(silent).toEqual([]);
    expect(await found()).toBe(EXIT.done);
  }, 600_000);
});
