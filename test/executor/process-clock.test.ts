import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TicketId } from '../../src/kernel/ticket.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { wrongClock } from '../scenes/clock.ts';
import { approve, REASON } from '../scenes/front-door.ts';
import { entriesOf, instanceIds, setScene, verified } from '../scenes/whole.ts';

const HOUR_MS = 3_600_000;
const POLICY = `
permit (principal, action in Action::"read", resource);
permit (principal, action, resource) when { context.approvals.all.key >= 2 };
permit (principal, action in Action::"change", resource) when { context.break_glass.key.contains("ana") };
@id("frozen") @reason("a freeze") @recovery("wait")
forbid (principal, action in Action::"change", resource) when { context.freeze.active };
`;

/** A freeze in which a process is that goes by its own clock, and in which we aren't. */
function frozenAt(moment: number): string {
  const text = (at: number) => new Date(at).toISOString().slice(0, 16);
  const when = `from: ${text(moment - HOUR_MS)}, until: ${text(moment + HOUR_MS)}`;
  return `freezes: [{ name: elsewhere, reason: it is not now, time_zone: UTC, ${when} }]\n`;
}

test.each([5, -5])(
  'a server, a person and an executor whose clock is %i hours off go by the store: nothing expires, no lease is taken, others go on',
  async (hours) => {
    const began = Date.now();
    const config = frozenAt(began + hours * HOUR_MS);
    await using scene = await setScene({ instances: [{}, {}, {}] }, { approvers: ['ana', 'ben'], config });
    const { place, cloud } = scene;
    writeFileSync(join(place.home, 'policy.cedar'), POLICY);
    const wrong = wrongClock(hours);
    const ids = await instanceIds(scene);
    const call = (id: string | undefined) => ['ec2_stop_instances', { instance_ids: [id], reason: REASON }] as const;
    const glass = ['--break-glass', '--reason', 'now', '--yes', '--as', 'ana'];
    const alone = async (of: { id: string; digest: string }, env: Record<string, string> = {}) =>
      await place.cli(['approve', of.id, ...glass, '--digest', of.digest], { env });

    const held = await scene.ask('ec2_stop_instances', { instance_ids: [ids[0]] });
    expect(await alone(held)).toMatchObject({ code: 0 });
    const other = openSqliteStore({ file: place.database, head: join(place.home, 'keys', 'head.db') });
    const executor = other.forExecutor('exe_other');
    const claim = await executor.claim(held.id as TicketId, 'exe_other', 600_000);
    const waits = await scene.ask('ec2_stop_instances', { instance_ids: [ids[1]] });

    const agent = await place.agent(['--no-executor', '--operator', 'otto'], { env: wrong });
    const { outcome, ticket } = await agent.call(...call(ids[2]));
    expect(outcome).toBe('pending_approval');
    const broken = await alone(ticket, wrong);
    expect(broken, broken.stderr).toMatchObject({ code: 0 });
    place.start(['executor'], wrong);
    expect(await scene.settled(ticket.id)).toBe('succeeded');

    expect([scene.state(held.id), scene.state(waits.id)]).toEqual(['approved', 'pending']);
    expect(scene.rows('SELECT claim_owner FROM ticket WHERE id = ?', held.id)).toEqual([{ claim_owner: 'exe_other' }]);
    expect(await executor.renew([claim!], 1000)).toHaveLength(1);
    expect(await cloud.requests('StopInstances')).toHaveLength(1);
    const said = scene
      .rows(
        "SELECT text ->> '$.detail.statement' AS statement FROM entry WHERE text ->> '$.detail.statement' IS NOT NULL",
      )
      .map(({ statement }) => JSON.parse(statement ?? ''))
      .filter(({ break_glass }) => break_glass);
    expect(said).toHaveLength(2);
    for (const { signed_at, expires_at } of said)
      expect(Date.parse(expires_at) - Date.parse(signed_at)).toBe(15 * 60_000);
    const entries = scene.rows("SELECT text ->> '$.at' AS at FROM entry");
    const moments = [...entries.map(({ at }) => at ?? ''), ...said.map(({ signed_at }) => signed_at)];
    const outside = moments.filter((at) => Date.parse(at) < began - 1000 || Date.parse(at) > Date.now());
    expect(outside).toEqual([]);
    expect(await approve(place, waits, 'ben')).toMatchObject({ code: 0 });
    expect(entriesOf(scene, waits.id, 'decision.recorded')).toBe(1);
    await other.close();
    await verified(scene);
  },
  240_000,
);
