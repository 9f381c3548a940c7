import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionTo } from '../../../src/store/postgres/address.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
const openssl = spawnSync('openssl', ['version']).status === 0;
const missing = program ? (openssl ? undefined : 'there is no openssl on this machine') : MISSING;
if (missing !== undefined) console.warn(`skipped: PostgreSQL by TLS: ${missing}`);

const NOBODY = 65534;

describe.skipIf(missing !== undefined)('a database on another machine', () => {
  let folder: string;
  let server: Server;
  let database: string;
  let port: number;

  beforeAll(async () => {
    if (!program || missing !== undefined) return;
    folder = mkdtempSync(join(tmpdir(), 'holdshort-tls-'));
    for (const name of ['ours', 'theirs']) authority(name);
    certify('localhost', 'ours');
    port = await freePort();
    server = await startServer(program, [
      'listen_addresses=localhost',
      `port=${port}`,
      'ssl=on',
      `ssl_cert_file=${folder}/localhost.crt`,
      `ssl_key_file=${folder}/localhost.key`,
    ]);
    await makeTemplate(server, 'template');
    database = await makeDatabase(server, 'template');
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]) => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

  function authority(name: string): void {
    run('req', '-x509', ...key, '-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${name}`, '-days', '2');
  }

  function certify(host: string, by: string): void {
    run('req', ...key, '-keyout', `${host}.key`, '-out', `${host}.csr`, '-subj', `/CN=${host}`);
    writeFileSync(join(folder, 'names'), `subjectAltName=DNS:${host}\n`);
    const signing = ['-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial', '-extfile', 'names', '-days', '2'];
    run('x509', '-req', '-in', `${host}.csr`, '-out', `${host}.crt`, ...signing);
    for (const file of readdirSync(folder)) chmodSync(join(folder, file), 0o600);
    if (process.getuid?.() !== 0) return;
    chownSync(folder, NOBODY, NOBODY);
    for (const file of readdirSync(folder)) chownSync(join(folder, file), NOBODY, NOBODY);
  }

  const head = async (host: string, by: string) => {
    const address = `postgres://hub@${host}:${port}/${database}?sslrootcert=${join(folder, `${by}.crt`)}`;
    const store = openPostgresStore({ to: connectionTo(address), patienceMs: 500 });
    try {
      return await store.forAudit().head();
    } finally {
      await store.close();
    }
  };

  it('is believed where its certificate is by the right authority, and for its name', async () => {
    expect(await head('localhost', 'ours')).toMatchObject({ size: 0, frontier: [] });
    await expect(head('localhost', 'theirs')).rejects.toMatchObject({ code: 'store_unavailable' });
    // The same machine by another name: the certificate doesn't have it.
    await expect(head('127.0.0.1', 'ours')).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});

async function freePort(): Promise<number> {
  const listening = createServer();
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as { port: number };
  await new Promise((resolve) => listening.close(resolve));
  return port;
}
