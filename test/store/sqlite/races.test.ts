import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyFile } from '../../audit/verify-file.ts';
import { openingOf } from '../../scenes/openings.ts';
import { type Folder, open, temporaryFolder } from './folder.ts';
import { race } from './processes.ts';

describe('several processes on one SQLite file', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const logged = async () => {
    const store = open(folder);
    const entries = await store.forAudit().entries(1, 10_000);
    const verification = await verifyFile(folder.file);
    await store.close();
    return { verification, entries: entries.map(({ text }) => JSON.parse(text)) };
  };

  it('make one database of a fresh file', { timeout: 60_000 }, async () => {
    expect(await race(8, () => [folder.file, 'append', '1'])).toEqual(Array(8).fill('done'));
    const { verification, entries } = await logged();
    expect(verification).toMatchObject({ ok: true, size: 8 });
    expect(new Set(entries.map(({ session }) => session)).size).toBe(8);
  });

  it('write one log without gaps', { timeout: 60_000 }, async () => {
    expect(await race(16, () => [folder.file, 'append', '25'])).toEqual(Array(16).fill('done'));
    const { verification, entries } = await logged();
    expect(verification).toMatchObject({ ok: true, size: 400 });
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
  });

  it('open one ticket for one call', { timeout: 60_000 }, async () => {
    const outcomes = (await race(6, () => [folder.file, 'open', 'same'])) as { id: string; existing: boolean }[];
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1);
    expect(outcomes.filter(({ existing }) => !existing)).toHaveLength(1);
  });

  it('C19: all open their tickets, and the -wal file stays short while they do', { timeout: 240_000 }, async () => {
    // The last one to close the database would remove the file.
    const store = open(folder);
    await store
      .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
      .append({ type: 'call.completed', actor: 'agent:claude', detail: {} });
    expect(await race(32, () => [folder.file, 'open-many', '50'])).toEqual(Array(32).fill('done'));
    const pages = statSync(`${folder.file}-wal`).size / 4096;
    await store.close();
    expect(pages).toBeLessThan(2000);
    const { verification } = await logged();
    expect(verification).toMatchObject({ ok: true, size: 1 + 32 * 50 });
  });

  it('begin a ticket once', { timeout: 60_000 }, async () => {
    const store = open(folder);
    await store
      .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
      .openTicket(openingOf(Date.now(), { state: 'approved' }));
    await store.close();
    const outcomes = await race(6, () => [folder.file, 'begin']);
    expect(outcomes.sort()).toEqual(['begun', ...Array(5).fill('not claimed')]);
    const { verification, entries } = await logged();
    expect(verification.ok).toBe(true);
    expect(entries.filter(({ type }) => type === 'ticket.executing')).toHaveLength(1);
  });
});
