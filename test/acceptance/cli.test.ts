import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, approve, makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { agentHere, enroll } from '../scenes/here.ts';
import { events } from '../scenes/state.ts';

/** What people and scripts may rely on: commands, exit codes, what goes to which stream. */

const EXIT = { done: 0, failed: 1, usage: 2, refused: 3, unverified: 5 };
const UNKNOWN = 'tkt_zzzzzzzzzzzzzzzzzzzz';
const NO_DIGEST = '0'.repeat(64);

interface Ticket {
  readonly id: string;
  readonly digest: string;
}

let cloud: Cloud;
let place: Place;
let agent: Agent;
let instances: string[] = [];

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 8 }] });
  place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(place, 'noa');
  await enroll(place, 'mara', 'noa');
  // Nothing executes here, so that what was approved stays as it is.
  agent = await agentHere(place, { operator: 'mara' });
  const described = (await agent.call('ec2_describe_instances')) as { instances: { instance_id: string }[] };
  instances = described.instances.map(({ instance_id }) => instance_id);
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

async function held(): Promise<Ticket> {
  const answer = await agent.call('ec2_stop_instances', { instance_ids: [instances.shift()], reason: REASON });
  expect(answer).toMatchObject({ outcome: 'pending_approval' });
  return answer.ticket;
}

describe('help', () => {
  const COMMANDS: readonly (readonly [string, RegExp])[] = [
    ['', /what could hurt waits for a person/],
    ['serve', /agent's MCP server on stdio/],
    ['companion', /approver's MCP server/],
    ['web', /the approval page, on this machine only/],
    ['hub', /agents' MCP server over HTTP/],
    ['executor', /execute approved tickets/],
    ['tickets', /what waits for a decision/],
    ['tickets list', /everything that waits/],
    ['tickets show', /what would happen/],
    ['approve', /let a ticket run/],
    ['deny', /never runs/],
    ['rehearse', /on a copy of its stack in the embedded cloud/],
    ['restore', /ask to bring back what a ticket deleted or changed/],
    ['halt', /stop every change/],
    ['resume', /lift the halt/],
    ['approvers', /who may decide/],
    ['approvers list', /every key that was ever enrolled/],
    ['approvers enroll', /make a key/],
    ['approvers request', /ask for a key of your own/],
    ['approvers bind', /which person a login at an issuer is/],
    ['approvers unbind', /take a login back/],
    ['approvers root', /print the first key/],
    ['approvers revoke', /take away a key/],
    ['audit', /whether the log is whole/],
    ['audit list', /newest entries/],
    ['audit show', /one entry/],
    ['audit verify', /against its hash/],
    ['policy', /what the policy asks for/],
    ['policy check', /validate the policy/],
    ['policy explain', /which line of it/],
    ['policy test', /team's own expectations/],
    ['policy scan', /whose it is/],
    ['store', /database that several hosts share/],
    ['store copy', /the file is sealed/],
    ['store check', /what this login may do/],
    ['store migrate', /make the schema/],
    ['judge', /whether it would be held: offline/],
    ['init', /commented configuration/],
    ['sandbox', /embedded cloud alone/],
    ['demo', /the story/],
  ];

  test('of every command says what it does, and exits with 0', { concurrent: true }, async () => {
    for (const [command, does] of COMMANDS) {
      const words = command.split(' ').filter((word) => word !== '');
      const help = await place.cli([...words, '--help']);
      expect(help, command).toMatchObject({ code: EXIT.done, stderr: '' });
      expect(help.stdout.replaceAll(/\s+/g, ' '), command).toMatch(does);
      const prose = help.stdout.split('\n').filter((line) => !/^(?:Usage:|\s)/.test(line));
      expect(
        prose.filter((line) => line.length > 80),
        command,
      ).toEqual([]);
      const typed = ['Usage:', 'node', '\\S*cli\\.js', ...words].join('\\s+');
      expect(help.stdout, command).toMatch(new RegExp(`^${typed} `));
    }
  });

  test('names commands as they are typed here also where it follows an error', async () => {
    const { code, stderr } = await place.cli([]);
    expect(code).toBe(EXIT.usage);
    expect(stderr).toMatch(/^Usage: node \S*cli\.js \[/);
    expect(stderr).toMatch(/^ {2}node \S*cli\.js demo /m);
  });

  test('leaves no command out', async () => {
    const { stdout } = await place.cli(['--help']);
    const commands = stdout.slice(stdout.indexOf('Commands:'), stdout.indexOf('To begin:'));
    const listed = [...commands.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    const known = new Set(COMMANDS.map(([command]) => command.split(' ')[0]));
    expect(listed.filter((name) => name !== 'help' && !known.has(name))).toEqual([]);
  });
});

describe('wrong usage ends with 2, on stderr:', () => {
  test.each([
    ['an unknown command', ['undo']],
    ['an unknown option', ['tickets', 'list', '--all']],
    ['an unknown option of approve', ['approve', UNKNOWN, '--force']],
    ['no ticket', ['approve']],
    ['too many tickets', ['approve', UNKNOWN, UNKNOWN]],
    ['a denial without a reason', ['deny', UNKNOWN]],
    ['a halt without a reason', ['halt']],
    ['an unknown state', ['tickets', 'list', '--state', 'asleep']],
    ['an unknown toolset', ['serve', '--toolset', 's3']],
    ['an unknown event type', ['audit', 'list', '--type', 'ticket.slept']],
    ['a limit that is no number', ['audit', 'list', '--limit', 'many']],
    ['an entry that is no number', ['audit', 'show', 'first']],
    ['a port that there is not', ['sandbox', '--port', '99999']],
    ['an unknown tool', ['policy', 'explain', 's3_delete_bucket']],
    ['a beginning of a ticket that is too short', ['tickets', 'show', 'tkt_ab']],
    ['a configuration file that is not there', ['--config', '/nonexistent/config.yaml', 'tickets', 'list']],
    ['no terminal and no passphrase', ['approvers', 'enroll', 'zoe']],
    ['a name that is none', ['approvers', 'enroll', '../zoe', '--no-passphrase']],
  ])('%s', async (_what, args) => {
    const ran = await place.cli(args);
    expect(ran).toMatchObject({ code: EXIT.usage, stdout: '' });
    expect(ran.stderr).not.toBe('');
    expect(ran.stderr).not.toMatch(/^\s+at /m);
  });

  test('without a terminal the whole command is told that decides there', async () => {
    const { stderr } = await place.cli(['deny', UNKNOWN, '--reason', 'not before the freeze']);
    expect(stderr).toContain(`deny ${UNKNOWN} --yes --digest SHA256 --reason TEXT`);
  });

  test('approve without a terminal, --yes without a digest, half a digest', async () => {
    const ticket = await held();
    for (const options of [
      [],
      ['--yes'],
      ['--digest', ticket.digest],
      ['--yes', '--digest', ticket.digest.slice(0, 12)],
    ]) {
      const ran = await place.cli(['approve', ticket.id, '--as', 'noa', ...options]);
      expect(ran, options.join(' ')).toMatchObject({ code: EXIT.usage, stdout: '' });
    }
    expect(await place.json(['tickets', 'show', ticket.id])).toMatchObject({
      ticket: { state: 'pending', decisions: [] },
    });
  });
});

describe('what may not be ends with 3, and is in the log:', () => {
  const codes = ({ id }: Ticket) =>
    events(place, 'decision.rejected').flatMap(({ ticket, detail }) => (ticket === id ? [detail.code] : []));

  test('another digest, nobody enrolled, the operator, and what was denied', async () => {
    const ticket = await held();
    const wrong = await approve(place, { id: ticket.id, digest: NO_DIGEST }, 'noa');
    expect(wrong).toMatchObject({ code: EXIT.refused, stdout: '' });
    expect(await approve(place, ticket, 'eve')).toMatchObject({ code: EXIT.refused });
    expect(await approve(place, ticket, 'mara')).toMatchObject({ code: EXIT.refused });
    const deny = ['deny', ticket.id, '--reason', 'no', '--yes', '--digest', ticket.digest, '--as', 'mara'];
    expect(await place.cli(deny)).toMatchObject({ code: EXIT.done });
    expect(await approve(place, ticket, 'noa')).toMatchObject({ code: EXIT.refused });
    expect(codes(ticket)).toEqual(['wrong_digest', 'not_enrolled', 'operator_excluded', 'denied']);
  });

  test('with --json the refusal is JSON, on stderr', async () => {
    const ticket = await held();
    const ran = await place.cli(['approve', ticket.id, '--yes', '--digest', NO_DIGEST, '--as', 'noa', '--json']);
    expect(ran).toMatchObject({ code: EXIT.refused, stdout: '' });
    expect(JSON.parse(ran.stderr)).toMatchObject({ error: { code: 'wrong_digest', recovery: expect.any(String) } });
  });
});

test('what is not there ends with 1', async () => {
  for (const args of [
    ['tickets', 'show', UNKNOWN],
    ['approve', UNKNOWN, '--yes', '--digest', NO_DIGEST, '--as', 'noa'],
    ['audit', 'show', '999999'],
  ])
    expect(await place.cli(args), args.join(' ')).toMatchObject({ code: EXIT.failed, stdout: '' });
});

test('a log that does not verify ends with 5', async () => {
  await using altered = makePlace();
  await enroll(altered, 'noa');
  expect(await altered.cli(['audit', 'verify'])).toMatchObject({ code: EXIT.done });
  const database = unfenced(altered.database);
  database.exec(`UPDATE entry SET text = replace(text, 'noa', 'eve') WHERE seq = 1`);
  database.close();
  const ran = await altered.cli(['audit', 'verify']);
  expect(ran).toMatchObject({ code: EXIT.unverified });
  expect(ran.stdout).toContain('entry 1 was altered');
  expect(await altered.cli(['audit', 'verify', '--json'])).toMatchObject({ code: EXIT.unverified });
});

/** The triggers keep mistakes out, not someone who can write the file. */
function unfenced(file: string): Database.Database {
  const database = new Database(file);
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all();
  for (const name of triggers) database.exec(`DROP TRIGGER "${name}"`);
  return database;
}

describe('tickets', () => {
  test('are named by any beginning of 6 characters that is theirs alone', async () => {
    const { id } = await held();
    for (const name of [id, id.slice(0, 10), id.slice(4), id.slice(4, 10)])
      expect(await place.json(['tickets', 'show', name]), name).toMatchObject({ ticket: { id } });

    // No two that begin alike come up by chance, so one is written into a copy of the database.
    await using copy = makePlace();
    new Database(place.database, { readonly: true }).exec(`VACUUM INTO '${copy.database}'`);
    chmodSync(copy.database, 0o600);
    const database = unfenced(copy.database);
    const columns = database.prepare("SELECT name FROM pragma_table_info('ticket')").pluck().all() as string[];
    const other = `${id.slice(0, 12)}${'0'.repeat(id.length - 12)}`;
    const changed: Record<string, string> = { id: `'${other}'`, n: 'NULL', call: `call || '2'` };
    const values = columns.map((name) => changed[name] ?? `"${name}"`).join(', ');
    database.exec(`INSERT INTO ticket (${columns.join(', ')}) SELECT ${values} FROM ticket WHERE id = '${id}'`);
    database.close();
    const ambiguous = await copy.cli(['tickets', 'show', id.slice(0, 12)]);
    expect(ambiguous).toMatchObject({ code: EXIT.usage, stdout: '' });
    expect(ambiguous.stderr).toContain('more than one ticket begins with');
  });

  test('and everything else that is printed as data is printed as JSON too, in ASCII', async () => {
    const ticket = await held();
    for (const args of [
      ['tickets', 'list'],
      ['tickets', 'list', '--state', 'pending'],
      ['tickets', 'show', ticket.id],
      ['approvers', 'list'],
      ['audit', 'list', '--limit', '5'],
      ['audit', 'show', '1'],
      ['audit', 'verify'],
      ['policy', 'check'],
      ['policy', 'explain', 'ec2_terminate_instances'],
      ['approve', ticket.id, '--yes', '--digest', ticket.digest, '--as', 'noa'],
      ['deny', ticket.id, '--reason', 'no', '--yes', '--digest', ticket.digest, '--as', 'noa'],
      ['halt', '--reason', 'a drill', '--as', 'noa'],
      ['resume', '--as', 'noa'],
      ['approvers', 'enroll', 'zed', '--no-passphrase', '--as', 'noa'],
      ['approvers', 'revoke', 'zed', '--as', 'noa'],
    ]) {
      const ran = await place.cli([...args, '--json']);
      expect(ran, args.join(' ')).toMatchObject({ code: EXIT.done, stderr: '' });
      expect(JSON.parse(ran.stdout), args.join(' ')).toBeTypeOf('object');
      expect(ran.stdout, args.join(' ')).toMatch(/^[\x20-\x7e\n]+$/);
    }
  });

  test('are decided in the name of --as, then of HOLDSHORT_APPROVER', async () => {
    const [one, two] = [await held(), await held()];
    const decide = (ticket: Ticket, more: readonly string[]) =>
      place.cli(['approve', ticket.id, '--yes', '--digest', ticket.digest, '--json', ...more], {
        env: { HOLDSHORT_APPROVER: 'noa' },
      });
    const first = await decide(one, []);
    expect(JSON.parse(first.stdout)).toMatchObject({ by: 'noa', approved: true });
    expect(await decide(two, ['--as', 'mara'])).toMatchObject({ code: EXIT.refused });
  });
});

test('nothing is coloured in a pipe, nor with NO_COLOR', async () => {
  for (const env of [{ NO_COLOR: '1' }, { FORCE_COLOR: '1' }, {}] as Record<string, string>[])
    for (const args of [['tickets', 'list'], ['--help'], ['audit', 'verify']])
      expect((await place.cli(args, { env })).stdout).toMatch(/^[\x20-\x7e\n]+$/);
});
