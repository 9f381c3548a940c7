import { mkdirSync, writeFileSync } from 'node:fs';
import { request as plainly } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/present/command-result.ts';
import { makePlace, type Place } from '../scenes/front-door.ts';
import { type Hub, hubConfig, startHub, tokenOf } from '../scenes/hub.ts';
import { startIssuer, type TestIssuer } from '../scenes/issuer.ts';
import { freePort } from '../scenes/page-process.ts';
import { certificateFor } from '../web/certificate.ts';

/** A hub that ends TLS itself, with a certificate and a key in files. */

const HOST = 'localhost';
const TLS = 'tls: { certificate: ./hub.pem, key: ./hub.key }';

/** A place with a hub's configuration, and these files beside it. */
async function hubPlace({ cert, key }: { readonly cert?: string; readonly key?: string }) {
  const place = makePlace();
  const [issuer, port] = [await startIssuer(), await freePort()];
  place.atEnd(() => issuer.close());
  const url = `https://${HOST}:${port}`;
  writeFileSync(join(place.home, 'config.yaml'), hubConfig(issuer.issuer, url, [TLS]));
  if (cert !== undefined) writeFileSync(join(place.home, 'hub.pem'), cert);
  if (key !== undefined) writeFileSync(join(place.home, 'hub.key'), key, { mode: 0o600 });
  return { place, issuer, url, port };
}

/** Shakes hands, and no more. @throws what either side has against it */
function shaken(port: number, options: object): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: HOST, port, servername: HOST, ...options }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

const OLD = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

describe('a hub with a certificate', () => {
  const pair = certificateFor(HOST);
  let place: Place;
  let issuer: TestIssuer;
  let url: string;
  let port: number;
  let hub: Hub;
  beforeAll(async () => {
    ({ place, issuer, url, port } = await hubPlace(pair));
    hub = await startHub(place, url);
  });
  afterAll(async () => await place?.[Symbol.asyncDispose]());

  const listed = (headers: Record<string, string>) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const all = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers };
      const about = { method: 'POST', ca: pair.cert, servername: HOST, headers: all };
      const sent = request(`${url}/mcp`, about, async (answer) => {
        let body = '';
        for await (const chunk of answer) body += chunk;
        resolve({ status: answer.statusCode ?? 0, body });
      });
      sent.on('error', reject);
      sent.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }));
    });

  it('answers over HTTPS to who believes it, and says so at its start', async () => {
    expect(hub.said()).toContain(`"listening":"https://127.0.0.1:${port}"`);
    expect(hub.said()).not.toContain('certificate');
    const { status, body } = await listed({ authorization: `Bearer ${await tokenOf(issuer, url)}` });
    expect(status).toBe(200);
    expect(body).toContain('ec2_stop_instances');
    expect((await listed({})).status).toBe(401);
    expect((await listed({ host: 'evil.example' })).status).toBe(403);
  });

  it('is no hub to who does not believe it', async () => {
    await expect(shaken(port, { ca: certificateFor(HOST).cert })).rejects.toThrow(/self.signed|verify/i);
    await expect(shaken(port, { ca: pair.cert, servername: 'other.example' })).rejects.toThrow(/altnames/i);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s', async (version) => {
    expect(await shaken(port, { ca: pair.cert, minVersion: version, maxVersion: version })).toBe(version);
  });

  it('speaks nothing older, to a client that would', async () => {
    const older = createServer({ ...pair, ...OLD }).listen(0, '127.0.0.1');
    await new Promise((resolve) => older.once('listening', resolve));
    const address = older.address() as { port: number };
    expect(await shaken(address.port, { ...OLD, ca: pair.cert })).toBe('TLSv1.1');
    older.close();
    await expect(shaken(port, { ...OLD, ca: pair.cert })).rejects.toThrow(/protocol version/i);
  });

  it('answers nothing over plain HTTP on that port, and goes on', async () => {
    const asked = new Promise((resolve, reject) => {
      const sent = plainly({ host: '127.0.0.1', port, path: '/healthz', headers: { host: HOST } }, resolve);
      sent.on('error', reject);
      sent.end();
    });
    await expect(asked).rejects.toThrow();
    expect((await listed({})).status).toBe(401);
  });
});

describe('a hub does not start', () => {
  const [pair, other] = [certificateFor(HOST), certificateFor(HOST)];

  it.each([
    ['without the certificate', { key: pair.key }, 'hub.pem'],
    ['without the key', { cert: pair.cert }, 'hub.key'],
    ['with the key of another certificate', { cert: pair.cert, key: other.key }, 'hub.key'],
    ['with a certificate that is none', { cert: 'nothing\n', key: pair.key }, 'hub.pem'],
    ['with a key that is none', { cert: pair.cert, key: pair.cert }, 'hub.key'],
  ])('%s, and says which file', async (_, files, named) => {
    const { place } = await hubPlace(files);
    await using _end = place;
    const ran = await place.cli(['hub']);
    expect(ran).toMatchObject({ code: EXIT.usage, stderr: expect.stringContaining(named) });
    expect(ran.stderr).toContain('hub.tls');
    expect(ran.stderr).not.toContain('PRIVATE KEY');
  });

  it('with a folder in place of the key', async () => {
    const { place } = await hubPlace({ cert: pair.cert });
    await using _end = place;
    mkdirSync(join(place.home, 'hub.key'));
    expect(await place.cli(['hub'])).toMatchObject({
      code: EXIT.usage,
      stderr: expect.stringMatching(/hub\.key[\s\S]*hub\.tls/),
    });
  });
});

it.each([
  ['that is over', certificateFor(HOST, -10), 'expired'],
  ['that is not valid yet', certificateFor(HOST, 10), 'not valid yet'],
  ['for another name', certificateFor('other.example'), 'not for localhost'],
])('a certificate %s is told of at the start: clients refuse it', async (_, pair, told) => {
  const { place, url } = await hubPlace(pair);
  await using _end = place;
  const hub = await startHub(place, url);
  expect(hub.said()).toContain(told);
  await expect(shaken(Number(new URL(url).port), { ca: pair.cert })).rejects.toThrow();
});
