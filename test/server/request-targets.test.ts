import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startSandboxProcess } from '../scenes/cloud.ts';
import { makePlace, type Place } from '../scenes/front-door.ts';
import { startHub, withIssuer } from '../scenes/hub.ts';
import { startPage } from '../scenes/page-process.ts';
import { answerTo, ODD_TARGETS } from '../scenes/targets.ts';

/*
 * Each program of ours that listens, asked for what is no address. (The one that waits for a login:
 * `test/approvals/login.test.ts`.)
 */

let cloud: Cloud;
const places: Place[] = [];
const ports: Record<string, number> = {};
const portOf = (address: string) => Number(new URL(address).port);

beforeAll(async () => {
  cloud = await startSandboxProcess({});
  ports['sandbox'] = portOf(cloud.endpoint);
  const here = makePlace({});
  const team = makePlace({});
  places.push(here, team);
  ports['page'] = portOf((await startPage(here, ['--port', '0'])).list);
  const { url } = await withIssuer(team);
  ports['hub'] = portOf((await startHub(team, url)).url);
}, 60_000);
afterAll(async () => {
  for (const place of places) await place[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
});

test.each(['sandbox', 'page', 'hub'])(
  'the %s answers each odd target as a fault of the request, and goes on',
  async (name) => {
    const port = ports[name] ?? 0;
    for (const target of [...ODD_TARGETS, '/_sandbox/\\[', 'http://[/_sandbox/'])
      for (const method of ['GET', 'PUT'])
        expect(await answerTo(port, target, method), `${method} ${target}`).toMatch(/^HTTP\/1\.1 [45]\d\d /);
    expect(await answerTo(port, '/')).toMatch(/^HTTP\/1\.1 \d{3} /);
  },
);
