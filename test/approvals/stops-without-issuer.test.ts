import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON, TAKES_KEY, until } from '../scenes/front-door.ts';
import { done, enroll } from '../scenes/here.ts';
import { startIssuer, type TestIssuer } from '../scenes/issuer.ts';
import { stateOf } from '../scenes/state.ts';

/** What stops something isn't kept waiting by the issuer of logins: it takes requests, and answers none. */

let cloud: Cloud;
let place: Place;
let issuer: TestIssuer;
let silent: Server | undefined;

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 2 }] });
  issuer = await startIssuer('RS256');
  place = makePlace({ endpoint: cloud.endpoint, production: 'key' });
  for (const name of ['noa', 'eve']) await enroll(place, name, name === 'noa' ? undefined : 'noa');
  await done(place, 'approvers', 'bind', 'noa', `--issuer=${issuer.issuer}`, '--subject=n-1', '--as', 'noa');
  issuer.person = { sub: 'n-1' };
  writeFileSync(
    join(place.home, 'config.yaml'),
    `${TAKES_KEY}approvals:\n  login: { issuer: ${issuer.issuer}, client_id: holdshort }\n`,
  );
}, 120_000);
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  silent?.closeAllConnections();
  silent?.close();
  if (!silent) await issuer?.close();
  await cloud?.[Symbol.asyncDispose]();
});

async function approved(
  instance: string,
  agent: Awaited<ReturnType<Place['agent']>>,
): Promise<{ readonly id: string; readonly digest: string }> {
  const { ticket } = await agent.call('ec2_stop_instances', { instance_ids: [instance], reason: REASON });
  const child = place.start(['approve', ticket.id, '--yes', '--digest', ticket.digest, '--as', 'noa']);
  let said = '';
  child.stderr?.on('data', (chunk) => (said += chunk));
  const ended = once(child, 'exit');
  await until(
    () => said,
    (text) => /log in with a browser[\s\S]*\n\n {2}\S+\n/.test(text) || child.exitCode !== null,
  );
  await fetch(/^ {2}(http\S+)$/m.exec(said)?.[1] ?? '');
  await ended;
  expect(stateOf(place, ticket.id)).toBe('approved');
  return ticket;
}

it('denies, and takes back, before the issuer is asked anything', async () => {
  const agent = await place.agent(['--operator', 'mara', '--no-executor']);
  const { instances } = await agent.call('ec2_describe_instances');
  const [first = '', second = ''] = instances.map(({ instance_id }: { instance_id: string }) => instance_id);
  const [denied, back] = [await approved(first, agent), await approved(second, agent)];
  await issuer.close();
  const asked: string[] = [];
  silent = createServer(() => asked.push(`${stateOf(place, denied.id)}`)).listen(
    Number(new URL(issuer.issuer).port),
    '127.0.0.1',
  );
  await once(silent, 'listening');
  const no = await place.cli([
    'deny',
    denied.id,
    '--yes',
    '--digest',
    denied.digest,
    '--reason',
    REASON,
    '--as',
    'eve',
  ]);
  expect(no.code, no.stderr).toBe(0);
  expect(asked.filter((state) => state !== 'denied')).toEqual([]);
  const withdrawn = await place.cli(['approve', back.id, '--withdraw', '--as', 'noa']);
  expect(withdrawn.code, withdrawn.stderr).toBe(0);
});
