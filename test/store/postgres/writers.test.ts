import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLog } from '../../../src/audit/verify.ts';
import { openPostgresSnapshot } from '../../../src/store/postgres/snapshot.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { NOTHING_OUTSIDE } from '../../audit/verify-file.ts';
import { bundled } from '../../scenes/bundled.ts';
import { openingOf } from '../../scenes/openings.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: several writers on PostgreSQL: ${MISSING}`);

interface Writer {
  readonly child: ChildProcess;
  next(): Promise<unknown>;
  go(): void;
}

describe.skipIf(!program)('several processes on one database', () => {
  let server: Server;
  let database: string;
  beforeAll(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
  }, 120_000);
  afterAll(() => server?.stop());

  const to = () => server.login('hub', database);
  const headOf = (name: string) => join(server.folder, `${database}.${name}.head`);

  async function writer(name: string, ...job: string[]): Promise<Writer> {
    const file = await bundled('store/postgres/writer-process.ts');
    const child = spawn(process.execPath, [file, JSON.stringify(to()), headOf(name), ...job], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    return {
      child,
      go: () => void child.stdin.write('go\n'),
      next: async () => {
        const { value, done } = await lines.next();
        return done ? undefined : JSON.parse(value);
      },
    };
  }

  async function race(count: number, ...job: string[]): Promise<unknown[]> {
    const writers = await Promise.all(Array.from({ length: count }, (_, index) => writer(`w${index}`, ...job)));
    for (const { go } of writers) go();
    return Promise.all(writers.map(({ next }) => next()));
  }

  async function logged() {
    const snapshot = await openPostgresSnapshot(to());
    try {
      const verification = await verifyLog(snapshot, NOTHING_OUTSIDE);
      const entries = await snapshot.entries(1, 100_000);
      return { verification, entries: entries.map(({ text }) => JSON.parse(text)) };
    } finally {
      await snapshot.close();
    }
  }

  it('write one log without gap or fork', async () => {
    database = await makeDatabase(server, 'template');
    expect(await race(8, 'append', '100')).toEqual(Array(8).fill('done'));
    const { verification, entries } = await logged();
    expect(verification).toMatchObject({ ok: true, size: 800 });
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 800 }, (_, index) => index + 1));
    const said = entries.map(({ session, detail }) => `${session} ${detail.caller} ${detail.index}`);
    expect(new Set(said).size).toBe(800);
  });

  it('open one ticket for one call', async () => {
    database = await makeDatabase(server, 'template');
    const outcomes = (await race(6, 'open', 'same')) as { id: string; existing: boolean }[];
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1);
    expect(outcomes.filter(({ existing }) => !existing)).toHaveLength(1);
    expect((await logged()).verification).toMatchObject({ ok: true });
  });

  it('begin each approved ticket once', async () => {
    database = await makeDatabase(server, 'template');
    const store = openPostgresStore({ to: to(), head: headOf('first') });
    for (let n = 0; n < 3; n += 1)
      await store
        .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
        .openTicket(openingOf(Date.now(), { state: 'approved', draft: { tool: `tool_${n}` } }));
    await store.forHead().keepUp();
    await store.close();
    // What each host's installation has seen: the same, so far.
    for (let index = 0; index < 6; index += 1) copyFileSync(headOf('first'), headOf(`w${index}`));
    const outcomes = await race(6, 'begin');
    expect(outcomes.sort()).toEqual([...Array(3).fill('begun'), ...Array(3).fill('not claimed')]);
    const { verification, entries } = await logged();
    expect(verification).toMatchObject({ ok: true });
    expect(entries.filter(({ type }) => type === 'ticket.executing')).toHaveLength(3);
  });

  it('are told the truth when the database is killed in the middle of what they write', async () => {
    database = await makeDatabase(server, 'template');
    const writers = await Promise.all(Array.from({ length: 4 }, (_, index) => writer(`w${index}`, 'until-killed')));
    const told: { session: string; index: number; seq?: number; code?: string; message?: string }[] = [];
    let arrived = () => {};
    const reading = writers.map(async ({ child, next, go }) => {
      go();
      for (let line = await next(); line !== undefined; line = await next()) {
        told.push({ session: String(child.pid), ...(line as { index: number }) });
        arrived();
      }
    });
    const more = async (count: number) => {
      const until = told.length + count;
      while (told.length < until) await new Promise<void>((resolve) => (arrived = resolve));
    };
    for (let kills = 0; kills < 5; kills += 1) {
      await more(40);
      await server.kill();
      await server.restart();
    }
    await more(40);
    for (const { child } of writers) child.kill('SIGKILL');
    await Promise.all(reading);

    const { verification, entries } = await logged();
    expect(verification).toMatchObject({ ok: true });
    const there = new Map(entries.map(({ seq, session, detail }) => [`${session} ${detail.index}`, seq]));
    // No entry twice, whatever was tried again.
    expect(there.size).toBe(entries.length);
    const answers = told.filter(({ seq }) => seq !== undefined);
    expect(answers.length).toBeGreaterThan(200);
    for (const { session, index, seq } of answers) expect(there.get(`${session} ${index}`)).toBe(seq);
    for (const { session, index, code, message } of told.filter((one) => one.seq === undefined)) {
      expect([code, message]).toEqual(['store_unavailable', expect.any(String)]);
      if (!/while this was committed/.test(message ?? ''))
        expect(there.has(`${session} ${index}`), message).toBe(false);
    }
  });

  it('learn after a lost commit that it came through, or never will', async () => {
    database = await makeDatabase(server, 'template');
    const store = openPostgresStore({ to: to() });
    await store
      .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
      .append({ type: 'call.completed', actor: 'agent:claude', detail: {} });
    await store.close();
    const id = '00000000-0000-4000-8000-000000000001';
    const settled = (client: pg.Client) =>
      client.query('SELECT holdshort.was_committed($1) AS size', [id]).then(({ rows }) => rows[0].size);
    await asked(to(), async (late) => {
      await late.query('BEGIN');
      await late.query('SELECT holdshort.lock_log($1)', [id]);
      // It asks while that one is still under way, and waits for it.
      const answer = asked(to(), settled);
      await late.query('COMMIT');
      expect(await answer).toBe('1');
    });
    const other = '00000000-0000-4000-8000-000000000002';
    const before = await asked(to(), (client) =>
      client.query('SELECT holdshort.was_committed($1) AS size', [other]).then(({ rows }) => rows[0].size),
    );
    expect(before).toBe(null);
    // One that comes after all is refused: nobody was told that it was written.
    await expect(asked(to(), (client) => client.query('SELECT holdshort.lock_log($1)', [other]))).rejects.toMatchObject(
      { code: '23505' },
    );
  });
});
