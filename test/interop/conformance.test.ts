import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBetween } from '../scenes/between.ts';
import { makePlace, type Place, run } from '../scenes/front-door.ts';
import { type Hub, hubConfig, startHub, tokenOf } from '../scenes/hub.ts';
import { startIssuer } from '../scenes/issuer.ts';
import { freePort } from '../scenes/page-process.ts';
import listed from './conformance.json' with { type: 'json' };

/**
 * The MCP project's own suite against the hub. It knows no tokens, so something in between puts one on each request,
 * and lets all else through, `Host` and `Origin` too. What doesn't apply stands in `conformance.json`, with the reason.
 */

const SUITE = 'node_modules/@modelcontextprotocol/conformance/dist/index.js';

interface Left {
  readonly why: string;
  /** What the suite says then: another failure isn't excused by the reason. */
  readonly says: string;
  readonly undeclared?: string;
}
const left = new Map<string, Left>(Object.entries(listed.doesNotApply));

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

let place: Place;
let hub: Hub;
let scenarios: readonly string[];
let results: ReadonlyMap<string, readonly Check[]>;
let bearer: () => Promise<Record<string, string>>;

beforeAll(async () => {
  place = makePlace({});
  const issuer = await startIssuer();
  place.atEnd(() => issuer.close());
  const port = await freePort();
  bearer = async () => ({ authorization: `Bearer ${await tokenOf(issuer, between.url)}` });
  const between = await startBetween([port], bearer);
  place.atEnd(() => between.close());
  const { url } = between;
  writeFileSync(join(place.home, 'config.yaml'), hubConfig(issuer.issuer, url, [], port));
  hub = await startHub(place, url);

  const { stdout } = await run([SUITE, 'list', '--server'], { PATH: process.env.PATH ?? '' });
  scenarios = [...stdout.matchAll(/^ {2}- (\S+)/gm)].map(([, name = '']) => name);
  const out = join(place.home, 'results');
  mkdirSync(out);
  const ran = await run([SUITE, 'server', '--url', hub.resource, '--suite', 'all', '--output-dir', out], {
    PATH: process.env.PATH ?? '',
    HOME: place.home,
  });
  expect(ran.stdout, ran.stderr).toContain('=== SUMMARY ===');
  results = new Map(
    readdirSync(out).map((folder) => [
      /^server-(.*?)-\d{4}-\d{2}-\d{2}T/.exec(folder)?.[1] ?? folder,
      JSON.parse(readFileSync(join(out, folder, 'checks.json'), 'utf8')),
    ]),
  );
}, 120_000);
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
});

const failed = (name: string) => (results.get(name) ?? []).filter(({ status }) => status === 'FAILURE');

describe('the conformance suite', () => {
  it('has no scenario that nobody looked at, and all were run', () => {
    expect(scenarios.length).toBeGreaterThan(20);
    expect([...listed.applies, ...left.keys()].toSorted()).toEqual(scenarios.toSorted());
    expect([...results.keys()].toSorted()).toEqual(scenarios.toSorted());
  });

  it.each(listed.applies)('%s', (name) => {
    const checks = results.get(name) ?? [];
    expect(failed(name)).toEqual([]);
    expect(checks.filter(({ status }) => status === 'SUCCESS').length).toBeGreaterThan(0);
  });

  it.each([...left])('does not apply: %s', async (name, { why, says, undeclared }) => {
    expect(why).not.toBe('');
    const failures = failed(name);
    if (says === '') expect(failures).toEqual([]);
    else expect(failures.map(({ errorMessage = '' }) => errorMessage).join('\n')).toContain(says);
    expect(failures.length).toBeLessThan(2);
    expect((results.get(name) ?? []).some(({ status }) => status === 'SUCCESS')).toBe(false);
    if (undeclared === undefined) return;
    const about = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'suite', version: '1' } };
    const message = { jsonrpc: '2.0', id: 1, method: 'initialize', params: about };
    const answer = await (await hub.post(message, await bearer())).text();
    const [said = ''] = /\{.*\}/.exec(answer) ?? [];
    const { capabilities } = JSON.parse(said).result;
    const declared = undeclared.split('.').reduce((at, key) => at?.[key], capabilities);
    expect(capabilities.tools).toBeDefined();
    expect(declared, undeclared).toBeFalsy();
  });
});
