import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { CLIENTS } from '../interop/clients.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, makePlace, type Place, type Ran, REASON, TAKES_KEY, until } from '../scenes/front-door.ts';
import { done, enroll, here } from '../scenes/here.ts';
import { startIssuer, type TestIssuer } from '../scenes/issuer.ts';
import { events } from '../scenes/state.ts';
import { answerTo, ODD_TARGETS } from '../scenes/targets.ts';

/** At a terminal: an approval counts only with a login of the same person at the configured issuer. */

let cloud: Cloud;
let place: Place;
let issuer: TestIssuer;
let agent: Agent;
let ids: string[];
let next = 0;

const DEVELOPMENT = 'environments:\n  - name: development\n    match: { tags: { env: dev } }\n';

const configured = (...more: string[]) => {
  const login = [`issuer: ${issuer.issuer}`, 'client_id: holdshort', ...more].join(', ');
  writeFileSync(join(place.home, 'config.yaml'), `${TAKES_KEY}${DEVELOPMENT}approvals:\n  login: { ${login} }\n`);
};

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 10 }, { tags: { env: 'dev' } }] });
  issuer = await startIssuer('RS256');
  place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  for (const name of ['noa', 'eve']) await enroll(place, name, name === 'noa' ? undefined : 'noa');
  for (const [name, subject] of Object.entries({ noa: 'n-1', eve: 'e-1' }))
    await done(place, 'approvers', 'bind', name, `--issuer=${issuer.issuer}`, `--subject=${subject}`, '--as', 'noa');
  agent = await place.agent(['--operator', 'mara']);
  const { instances } = await agent.call('ec2_describe_instances');
  ids = instances.map(({ instance_id }: { instance_id: string }) => instance_id);
}, 120_000);
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await issuer?.close();
  await cloud?.[Symbol.asyncDispose]();
});
beforeEach(() => {
  configured();
  issuer.person = { sub: 'n-1' };
});

type Held = { readonly id: string; readonly digest: string };

async function held(): Promise<Held> {
  const { ticket } = await agent.call('ec2_stop_instances', { instance_ids: [ids[next++]], reason: REASON });
  expect(ticket.state).toBe('pending');
  return ticket;
}

/** Approves in the built command; whoever is logged in at the issuer follows the address that it prints. */
async function approveBy(name: string, { id, digest }: Held, browse = (address: string) => fetch(address), at = place) {
  const child = at.start(['approve', id, '--yes', '--digest', digest, '--as', name, '--json']);
  const ran = { code: 0, stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => (ran.stdout += chunk));
  child.stderr?.on('data', (chunk) => (ran.stderr += chunk));
  const ended = once(child, 'exit');
  await until(
    () => ran.stderr,
    (text) => /log in with a browser[\s\S]*\n\n {2}\S+\n/.test(text) || child.exitCode !== null,
  );
  const address = /^ {2}(http\S+)$/m.exec(ran.stderr)?.[1];
  const shown = address === undefined ? undefined : await (await browse(address)).text();
  await ended;
  return { ...ran, code: child.exitCode ?? 1, address, shown } satisfies Ran & Record<string, unknown>;
}

it('approves with a login, and the executor runs it; the log has the login and verifies', async () => {
  const ticket = await held();
  const ran = await approveBy('noa', ticket);
  expect(ran).toMatchObject({ code: 0, shown: 'Go back to the terminal; this page can be closed.\n' });
  expect(JSON.parse(ran.stdout)).toMatchObject({ decision: 'approve', by: 'noa', approved: true });
  const asked = new URL(ran.address ?? '').searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    ...{
      response_type: 'code',
      scope: 'openid',
      client_id: 'holdshort',
      max_age: '43200',
      code_challenge_method: 'S256',
    },
  });
  expect(asked.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/login$/);
  expect((await agent.call('ticket_wait', { ticket_id: ticket.id })).ticket.state).toBe('succeeded');
  const decided = events(place).find(({ type, ticket: of }) => type === 'decision.recorded' && of === ticket.id);
  expect(decided?.detail).toMatchObject({ login: expect.stringMatching(/^ey[\w-]+\.ey[\w-]+\.[\w-]+$/) });
  const verified = await here(place, ['audit', 'verify']);
  expect(verified).toMatchObject({ code: 0 });
  expect(verified.stdout).toContain('whether the issuer signed the logins');
}, 60_000);

it("takes nobody else's login, none, and none that is too old, and records nothing then", async () => {
  const ticket = await held();
  issuer.person = { sub: 'e-1' };
  expect(await approveBy('noa', ticket)).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('this decision would not count: login of nobody bound'),
  });
  issuer.person = undefined;
  expect(await approveBy('noa', ticket)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('the issuer says access_denied, so nothing was decided'),
  });
  issuer.person = { sub: 'n-1', auth_time: Math.floor(Date.now() / 1_000) - 13 * 3_600 };
  expect(await approveBy('noa', ticket)).toMatchObject({ code: 5, stderr: expect.stringContaining('login too old') });
  issuer.person = { sub: 'n-1', nonce: 'another' };
  expect(await approveBy('noa', ticket)).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('login for something else'),
  });
  const { decisions, state } = (await agent.call('ticket_get', { ticket_id: ticket.id })).ticket;
  expect({ decisions, state }).toEqual({ decisions: [], state: 'pending' });
  // It may be tried again.
  issuer.person = { sub: 'n-1' };
  expect(await approveBy('noa', ticket)).toMatchObject({ code: 0 });
}, 60_000);

it('what no address is ends nothing, and the login goes on', async () => {
  const ticket = await held();
  const ran = await approveBy('noa', ticket, async (address) => {
    const port = Number(new URL(new URL(address).searchParams.get('redirect_uri') ?? '').port);
    for (const target of ODD_TARGETS) expect(await answerTo(port, target), target).toMatch(/^HTTP\/1\.1 40[04] /);
    return fetch(address);
  });
  expect(ran).toMatchObject({ code: 0 });
}, 60_000);

it('takes back what does not count here: an executor that asks for no login, or not yet, would run it', async () => {
  await using apart = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  const asksFor = (login: string) => writeFileSync(join(apart.home, 'config.yaml'), TAKES_KEY + DEVELOPMENT + login);
  asksFor('');
  for (const name of ['noa', 'eve']) await enroll(apart, name, name === 'noa' ? undefined : 'noa');
  const asking = await apart.agent(['--operator', 'mara', '--no-executor']);
  const { ticket } = await asking.call('ec2_stop_instances', { instance_ids: [ids[next++]], reason: REASON });
  await done(apart, 'approve', ticket.id, '--yes', '--digest', ticket.digest, '--as', 'noa');
  asksFor(`approvals:\n  login: { issuer: ${issuer.issuer}, client_id: holdshort }\n`);
  const other = await here(apart, ['approve', ticket.id, '--withdraw', '--as', 'eve']);
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('eve has no approval of') });
  expect(await here(apart, ['approve', ticket.id, '--withdraw', '--as', 'noa'])).toMatchObject({ code: 0 });
  asksFor('');
  apart.start(['executor']);
  const now = async () => (await asking.call('ticket_get', { ticket_id: ticket.id })).ticket;
  const ended = await until(now, ({ state }) => state !== 'approved' && state !== 'executing');
  expect(ended).toMatchObject({ state: 'denied' });
}, 90_000);

it('answers no other program of the machine, and no other issuer', async () => {
  const ticket = await held();
  const ran = await approveBy('noa', ticket, async (address) => {
    const { searchParams } = new URL(address);
    const redirect = searchParams.get('redirect_uri') ?? '';
    for (const query of ['?code=1', '?code=1&state=guessed'])
      expect(await fetch(redirect + query)).toMatchObject({ status: 404 });
    return fetch(`${redirect}?code=1&state=${searchParams.get('state')}&iss=https://other.example.com`);
  });
  expect(ran).toMatchObject({ code: 3, stderr: expect.stringContaining('another issuer answered') });
  expect((await agent.call('ticket_get', { ticket_id: ticket.id })).ticket.state).toBe('pending');
}, 60_000);

it('who left can deny, and approve nothing, whatever keys they kept; who has no login is told so first', async () => {
  const ticket = await held();
  await enroll(place, 'kai', 'noa');
  const kai = await approveBy('kai', ticket);
  expect(kai).toMatchObject({ code: 5, address: undefined });
  expect(kai.stderr).toMatch(/none there is bound to kai".*let an admin bind it: .* approvers bind kai --issuer=http/);
  // Eve has left: the issuer lets nobody in as her.
  issuer.person = undefined;
  expect(await approveBy('eve', ticket)).toMatchObject({ code: 3 });
  await done(place, 'deny', ticket.id, '--yes', '--digest', ticket.digest, '--reason', 'no', '--as', 'eve');
  expect((await agent.call('ticket_get', { ticket_id: ticket.id })).ticket.state).toBe('denied');
}, 60_000);

it('with the issuer away nothing is decided, and it may be tried again', async () => {
  const ticket = await held();
  issuer.answers = false;
  try {
    expect(await approveBy('noa', ticket)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the issuer of people's logins can't be asked"),
    });
  } finally {
    issuer.answers = true;
  }
  expect(await approveBy('noa', ticket)).toMatchObject({ code: 0 });
}, 60_000);

it('an executor that cannot ask the issuer lets an approved ticket wait, says why, and runs it when it can', async () => {
  await using apart = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  configured();
  for (const file of ['config.yaml', 'policy.cedar'])
    writeFileSync(join(apart.home, file), readFileSync(join(place.home, file)));
  await enroll(apart, 'noa');
  await done(apart, 'approvers', 'bind', 'noa', `--issuer=${issuer.issuer}`, '--subject=n-1', '--as', 'noa');
  const asking = await apart.agent(['--operator', 'mara', '--no-executor']);
  const { ticket } = await asking.call('ec2_stop_instances', { instance_ids: [ids[next++]], reason: REASON });
  expect(await approveBy('noa', ticket, undefined, apart)).toMatchObject({ code: 0 });
  const now = async () => (await asking.call('ticket_get', { ticket_id: ticket.id })).ticket;
  issuer.answers = false;
  try {
    apart.start(['executor']);
    const waits = await until(now, ({ waiting }) => waiting !== undefined);
    expect(waits).toMatchObject({ state: 'approved', waiting: { code: 'issuer_unavailable' } });
    expect(waits.waiting.message).toContain("noa can't be verified: the issuer can't be asked");
  } finally {
    issuer.answers = true;
  }
  expect(await until(now, ({ state }) => state !== 'approved' && state !== 'executing')).toMatchObject({
    state: 'succeeded',
  });
}, 90_000);

it('asks for no longer age than twelve hours, and for a secret where a file has one', async () => {
  configured('max_age: 13h');
  const ran = await here(place, ['tickets', 'list']);
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('must not be longer than 12h') });
  configured('max_age: 30m', 'client_secret_file: ./secret');
  const ticket = await held();
  expect(await approveBy('noa', ticket)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no client secret in'),
    address: expect.stringContaining('max_age=1800'),
  });
}, 60_000);

it('in a chat client no answer is enough, not where it would be otherwise', async () => {
  const { ticket } = await agent.call('ec2_terminate_instances', { instance_ids: [ids[10]], reason: REASON });
  expect(ticket.requirement).toMatchObject({ assurance: 'client' });
  let asked = 0;
  const person = () => {
    asked += 1;
    return { action: 'accept' as const, content: { target_name: ids[8]! } };
  };
  const [[, connect] = []] = CLIENTS;
  const chat = await connect!(
    { ...place, env: { ...place.env, HOLDSHORT_APPROVER: 'noa' } },
    { command: 'companion', person },
  );
  try {
    const answer = await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(answer.text).toContain('Nothing was decided. This needs more than an answer in a chat client.');
    expect(asked).toBe(0);
    expect((await agent.call('ticket_get', { ticket_id: ticket.id })).ticket.state).toBe('pending');
    // Without a login asked for, it is.
    writeFileSync(join(place.home, 'config.yaml'), TAKES_KEY + DEVELOPMENT);
    await chat.call('approvals_decide', { ticket_id: ticket.id, decision: 'approve' });
    expect(asked).toBe(1);
  } finally {
    await chat.close();
  }
}, 60_000);
