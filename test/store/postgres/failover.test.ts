import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/present/command-result.ts';
import { type Cloud, startCloud } from '../../scenes/cloud.ts';
import { type Agent, approve, makePlace, type Place, REASON, until } from '../../scenes/front-door.ts';
import { fromNpm, MISSING, makeDatabase, makeTemplate, type Server, startServer } from './server.ts';

/*
 * A database that comes back without what it had: two hosts, each with a folder of keys of its own, share an anchor.
 * What was begun is sent by none of them again, whatever the database says.
 */

const program = fromNpm();
if (!program) console.warn(`skipped: databases that lost something: ${MISSING}`);

describe.skipIf(!program)('a database that lost what it had', () => {
  let server: Server;
  let cloud: Cloud;
  let anchor: string;
  let store: string;
  let ana: Place;
  let other: Place;
  let agent: Agent;
  const places: Place[] = [];

  beforeEach(async () => {
    if (!program) return;
    server = await startServer(program);
    await makeTemplate(server, 'template');
    cloud = await startCloud({ instances: [{ count: 3 }] });
    anchor = mkdtempSync(join(tmpdir(), 'holdshort-anchor-'));
    const database = await makeDatabase(server, 'template');
    store = server.address('hub', database);
    const host = (where = anchor) => {
      const config = `store: ${store}\nanchor: ${where}\n`;
      const place = makePlace({ endpoint: cloud.endpoint, config, production: 'key' });
      places.push(place);
      return place;
    };
    [ana, other] = [host(), host()];
    const enrolled = await ana.cli(['approvers', 'enroll', 'ana', '--no-passphrase']);
    expect(enrolled, enrolled.stderr).toMatchObject({ code: EXIT.done });
    // Who may decide is pinned on each host by hand.
    mkdirSync(join(other.home, 'keys'), { mode: 0o700 });
    copy(join(ana.home, 'keys/root.json'), join(other.home, 'keys/root.json'));
    agent = await ana.agent(['--no-executor', '--operator', 'otto']);
  }, 120_000);
  afterEach(async () => {
    for (const place of places.splice(0)) await place[Symbol.asyncDispose]();
    await cloud?.[Symbol.asyncDispose]();
    await server?.stop();
    rmSync(anchor, { recursive: true, force: true });
  });

  /** A reboot shows nothing in AWS: a second one would be as welcome there as the first. */
  async function approved(index: number): Promise<string> {
    // A host that was killed has its sessions for a moment longer.
    const { instances } = await until(
      () => agent.call('ec2_describe_instances'),
      (answer) => answer.instances !== undefined,
    );
    const { ticket } = await agent.call('ec2_reboot_instances', {
      instance_ids: [instances[index].instance_id],
      reason: REASON,
    });
    const ran = await approve(ana, ticket, 'ana');
    expect(ran, ran.stderr).toMatchObject({ code: EXIT.done });
    return ticket.id;
  }

  /** An executor of the built command, and what it says. */
  function executing(place: Place) {
    const child = place.start(['executor']);
    let said = '';
    child.stderr?.on('data', (chunk) => (said += chunk));
    const over = new Promise((resolve) => child.once('exit', resolve));
    return {
      said: () => said,
      async kill() {
        child.kill('SIGKILL');
        await over;
      },
    };
  }

  const stateOf = async (place: Place, id: string) =>
    (await place.json(['tickets', 'list'])).tickets.find((ticket: { id: string }) => ticket.id === id)?.state as string;
  const ended = (place: Place, id: string) =>
    until(
      () => stateOf(place, id),
      (state) => !['approved', 'executing'].includes(state),
      60_000,
    );
  const copy = (from: string, to: string) => {
    rmSync(to, { recursive: true, force: true });
    const ran = spawnSync('cp', ['-a', from, to]);
    expect(ran.status, String(ran.stderr)).toBe(0);
  };

  /** A ticket that was approved in an older copy of the database, and carried out after that. */
  async function carriedOutSince(): Promise<string> {
    const first = await approved(0);
    const before = executing(ana);
    expect(await ended(ana, first)).toBe('succeeded');
    await before.kill();
    const ticket = await approved(1);
    await server.halt();
    copy(server.data, join(server.folder, 'older'));
    await server.restart();
    const after = executing(ana);
    expect(await ended(ana, ticket)).toBe('succeeded');
    await after.kill();
    await agent.close();
    expect(await cloud.requests('RebootInstances')).toHaveLength(2);
    await server.halt();
    return ticket;
  }

  async function accepted(place: Place): Promise<void> {
    const seen = await place.cli(['audit', 'accept']);
    expect(seen).toMatchObject({ code: EXIT.unverified });
    const head = /--head (\S+)/.exec(seen.stdout)?.[1] ?? '';
    const ran = await place.cli(['audit', 'accept', '--reason', 'the disk was lost', '--head', head, '--as', 'ana']);
    expect(ran, ran.stderr).toMatchObject({ code: EXIT.done });
  }

  it('runs nothing where an older copy was put back, and after that was accepted sends nothing again, on any host', async () => {
    const ticket = await carriedOutSince();
    copy(join(server.folder, 'older'), server.data);
    await server.restart();
    const running = [executing(ana), executing(other)];
    for (const { said } of running) await until(said, (text) => text.includes('log_not_continued'), 60_000);
    expect(await stateOf(ana, ticket)).toBe('approved');
    await running[0]?.kill();
    await accepted(ana);
    // By the other host alone, whose own list knows nothing of it.
    expect(await ended(ana, ticket)).toBe('denied');
    const shown = (await ana.cli(['tickets', 'show', ticket])).stdout.replace(/\s+/g, ' ');
    expect(shown).toContain('it was begun before, and the log does not say so: it may have happened');
    expect(await cloud.requests('RebootInstances')).toHaveLength(2);
    expect(await ana.cli(['audit', 'verify'])).toMatchObject({ code: EXIT.done });
  }, 180_000);

  it('runs nothing on another timeline, until that is accepted', async () => {
    const ticket = await approved(0);
    await agent.close();
    await server.halt();
    // As a standby that is promoted: it goes on where the log ends.
    writeFileSync(join(server.data, 'recovery.signal'), '');
    spawnSync('chmod', ['666', join(server.data, 'recovery.signal')]);
    writeFileSync(join(server.data, 'postgresql.auto.conf'), "restore_command = 'false'\n");
    await server.restart();
    const running = executing(other);
    await until(running.said, (text) => text.includes('timeline 2'), 60_000);
    expect(await stateOf(ana, ticket)).toBe('approved');
    expect(await cloud.requests('RebootInstances')).toEqual([]);
    await accepted(ana);
    expect(await ended(ana, ticket)).toBe('succeeded');
  }, 180_000);

  it('lets no executor run without an anchor, nor with another one, nor with one that is empty', async () => {
    writeFileSync(join(other.home, 'config.yaml'), `store: ${store}\n`);
    for (const command of [['executor'], ['serve']])
      expect(await other.cli(command), command.join()).toMatchObject({
        code: EXIT.usage,
        stderr: expect.stringContaining('anchor'),
      });
    const empty = join(other.home, 'empty');
    mkdirSync(empty, { mode: 0o700 });
    writeFileSync(join(other.home, 'config.yaml'), `store: ${store}\nanchor: ./empty\n`);
    const alone = executing(other);
    await until(alone.said, (text) => text.includes('log_not_continued'), 60_000);
    await alone.kill();
    const first = executing(ana);
    await ended(ana, await approved(0));
    const second = executing(other);
    await until(second.said, (text) => text.includes('another anchor'), 60_000);
    await first.kill();
  }, 180_000);
});
