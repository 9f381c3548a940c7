import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startCloud } from '../scenes/cloud.ts';
import { approve, makePlace, type Place, REASON, TAKES_KEY, until } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { hubsBehindOne, startHub, tokenOf, withIssuer } from '../scenes/hub.ts';
import { send } from '../web/requests.ts';

/** What a hub says of itself in its log: at its start, and of tickets; and that no token ever stands there. */

const lines = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const ROLES = {
  reads: 'arn:aws:iam::123456789012:role/holdshort-read',
  executes: 'arn:aws:iam::123456789012:role/holdshort-execute',
};

it.each([
  {
    says: 'that it reads with whatever it finds',
    aws: {},
    args: [],
    warned: [expect.stringContaining('no read_role_arn')],
  },
  {
    says: 'that an execution role is named where nothing is executed',
    aws: { execution_role_arn: ROLES.executes },
    args: [],
    warned: [expect.stringContaining('leave it to executors'), expect.stringContaining('no read_role_arn')],
  },
  {
    says: 'that who takes it over may execute, where it does',
    aws: { execution_role_arn: ROLES.executes },
    args: ['--executor'],
    warned: [expect.stringContaining('this hub also executes'), expect.stringContaining('no read_role_arn')],
  },
])('says at its start which of its own credentials could execute: $says', async ({ aws, args, warned }) => {
  await using cloud = await startCloud({});
  await using place = makePlace({ endpoint: cloud.endpoint });
  const { url, written } = await withIssuer(place, `aws: ${JSON.stringify(aws)}\n`);
  written();
  const hub = await startHub(place, url, { args });
  await until(
    () => hub.said(),
    (said) => said.includes('"reads_as"'),
  );
  const said = lines(hub.said());
  expect(said.filter(({ msg }) => /execut|read_role/.test(msg)).map(({ msg }) => msg)).toEqual(warned);
  expect(said.find(({ msg }) => msg === 'the account')).toMatchObject({
    reads_as: 'arn:aws:iam::123456789012:user/sandbox',
    executes_as: aws.execution_role_arn ?? null,
  });
});

/** A hub on a place's own configuration, once it has said what it says at its start. */
async function hubAt(place: Place, url: string) {
  const hub = await startHub(place, url);
  return { hub, ofKeys: () => lines(hub.said()).filter(({ keys }) => keys) };
}

it('names the keys that it makes for itself, and is quiet where they were copied', async () => {
  await using place = makePlace({});
  const { url } = await withIssuer(place, '', ['companions: {}']);
  const first = await hubAt(place, url);
  expect(first.ofKeys()).toMatchObject([{ level: 40, keys: ['links.key', 'secrets.key', 'companion.key'] }]);
  await first.hub.stop();
  const keys = join(place.home, 'keys');
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  for (const name of ['links.key', 'secrets.key', 'companion.key'])
    writeFileSync(join(keys, name), Buffer.alloc(32, 7), { mode: 0o600 });
  expect((await hubAt(place, url)).ofKeys()).toEqual([]);
  expect(readFileSync(join(keys, 'links.key'))).toEqual(Buffer.alloc(32, 7));
});

it('a key that was copied in part is none: by an empty one anyone could make links', async () => {
  await using place = makePlace({});
  const { url } = await withIssuer(place);
  const { code, stdout } = await place.cli(['web']);
  expect(code).toBe(0);
  const key = join(place.home, 'keys', 'links.key');
  expect(existsSync(key)).toBe(true);
  copyFileSync(key, `${key}.whole`);
  for (const length of [0, 31]) {
    truncateSync(key, length);
    expect(await place.cli(['web'])).toMatchObject({
      stderr: expect.stringMatching(
        /can't use .*links\.key: it has less than 32 bytes\n {2}copy it again from the host/,
      ),
    });
  }
  copyFileSync(`${key}.whole`, key);
  expect((await place.cli(['web'])).stdout).toBe(stdout);
  expect(url).toBeDefined();
});

it('logs what became of each ticket, by its id, on hubs and executors; and no token, secret or reason', async () => {
  await using cloud = await startCloud({ instances: [{ count: 2 }] });
  await using place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  await enroll(place, 'noa');
  await enroll(place, 'mara', 'noa');
  const { hubs, issuer, url, ports } = await hubsBehindOne(place, TAKES_KEY, 2, ['companions: {}']);
  await done(place, 'approvers', 'bind', 'mara', `--issuer=${issuer.issuer}`, '--subject=mara-1', '--as', 'noa');
  const tokens = [
    await tokenOf(issuer, url),
    await tokenOf(issuer, url, { exp: 1 }),
    await tokenOf(issuer, url, { aud: url }),
  ];
  const client = await hubs[0]!.client(tokens[0]!);
  const { instances } = await client.call('ec2_describe_instances');
  const [first, second] = instances.map(({ instance_id }: any) => instance_id);
  const stop = (id: string) => client.call('ec2_stop_instances', { instance_ids: [id], reason: REASON });
  const [runs, withdrawn] = [(await stop(first)).ticket, (await stop(second)).ticket];
  await client.call('ticket_withdraw', { ticket_id: withdrawn.id, reason: REASON });
  const person = await issuer.token({
    aud: `${url}/companion/mcp`,
    sub: 'mara-1',
    client_id: 'chat',
    scope: 'holdshort.decide',
  });
  tokens.push(person);
  const headers = {
    host: new URL(url).host,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  for (const token of tokens)
    for (const path of ['/mcp', '/companion/mcp'])
      await send(`http://127.0.0.1:${ports[0]}${path}`, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${token}` },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      });
  await send(`http://127.0.0.1:${ports[1]}/mcp?access_token=${tokens[0]}`, { method: 'POST', headers });
  await approve(place, runs, 'noa');
  const executor = place.start(['executor']);
  let executed = '';
  for (const stream of [executor.stderr, executor.stdout]) stream?.on('data', (chunk) => (executed += chunk));
  await until(
    () => executed,
    (said) => said.includes('"state":"succeeded"'),
  );
  const hubsSaid = hubs.map((hub) => hub.said()).join('');
  const about = (text: string) =>
    lines(text)
      .filter(({ ticket }) => ticket !== undefined)
      .map(({ ticket, state, tool, agent, operator }) => ({ ticket, state, tool, agent, operator }));
  const whose = { tool: 'ec2_stop_instances', agent: 'kiro', operator: 'mara' };
  expect(about(hubsSaid)).toEqual(
    expect.arrayContaining([
      { ticket: runs.id, state: 'pending', ...whose },
      { ticket: withdrawn.id, state: 'pending', ...whose },
      { ticket: withdrawn.id, state: 'withdrawn', ...whose },
    ]),
  );
  expect(about(executed).map(({ ticket, state }) => [ticket, state])).toEqual([
    [runs.id, 'executing'],
    [runs.id, 'succeeded'],
  ]);
  const secrets = [runs, withdrawn].map(({ review_url }) => new URL(review_url).searchParams.get('s') ?? '');
  const parts = tokens.flatMap((token) => token.split('.'));
  for (const hidden of [...tokens, ...parts, ...secrets, REASON, first, second, place.env.AWS_SECRET_ACCESS_KEY ?? '?'])
    expect(hubsSaid + executed).not.toContain(hidden);
});
