import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { entryRest } from '../../../src/audit/entry.ts';
import { startCloud } from '../../scenes/cloud.ts';
import { makePlace, REASON, until } from '../../scenes/front-door.ts';
import { openingOf } from '../../scenes/openings.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: what plans of a login's own making do to others: ${MISSING}`);

it.skipIf(!program)(
  'a plan of an agent login keeps nobody from asking for the same, and no list from the others',
  async () => {
    const server = await startServer(program!);
    try {
      await makeTemplate(server, 'template');
      const database = await makeDatabase(server, 'template');
      await using cloud = await startCloud({ instances: [{ count: 1 }] });
      const config = `store: ${server.address('hub', database)}\nanchor: ./anchor\n`;
      await using place = makePlace({ endpoint: cloud.endpoint, production: 'key', config });
      mkdirSync(join(place.home, 'anchor'), { mode: 0o700 });
      await place.cli(['approvers', 'enroll', 'ana', '--no-passphrase']);
      const agent = await place.agent(['--operator', 'otto']);
      const { instances } = await agent.call('ec2_describe_instances');
      const stop = { instance_ids: [instances[0].instance_id], reason: REASON };
      const { ticket: first } = await agent.call('ec2_stop_instances', stop);
      const row = (id: string): Promise<{ state: string; plan: string }> =>
        asked(server.superuser(database), async (client) => {
          const { rows } = await client.query('SELECT state, plan FROM holdshort.ticket WHERE id = $1', [id]);
          return rows[0];
        });
      const honest = JSON.parse((await row(first.id)).plan);

      const forge = async (state: 'pending' | 'approved', plan: string) => {
        const { id, draft, call } = openingOf(Date.now(), { draft: { agent: 'other' } });
        const rest = entryRest({
          type: `ticket.${state}`,
          actor: 'agent:other',
          ticket: id,
          detail: { ticket_seq: 1 },
        });
        const after = { state, entries: 1, draft: JSON.stringify(draft), plan, digest: 'd' };
        const steps = JSON.stringify([
          { told: { id, call, after }, entries: [{ moves: 'new', rest, recipients: [] }] },
        ]);
        await asked(server.login('an_agent', database), (client) =>
          client.query('SELECT seq FROM holdshort.write_steps($1, $2)', ['stops', steps]),
        );
        return id;
      };
      const { tool, arguments: given, account, region, targets } = honest;
      const deep = `${'['.repeat(2_500)}${']'.repeat(2_500)}`;
      const nested = JSON.stringify({ tool, arguments: given, account, region, targets, guard: [] });
      const ended = await forge('approved', nested.replace('"guard":[]', `"guard":${deep}`));
      await until(
        () => row(ended),
        ({ state }) => state === 'denied',
      );
      await agent.call('ticket_withdraw', { ticket_id: first.id, reason: REASON });
      const again = await agent.call('ec2_stop_instances', stop);
      expect(again.ticket, JSON.stringify(again)).toMatchObject({ state: 'pending' });

      // A person's denial is found behind however many of the same call that executors ended.
      await place.cli([
        'deny',
        again.ticket.id,
        '--yes',
        '--digest',
        again.ticket.digest,
        '--reason',
        REASON,
        '--as',
        'ana',
      ]);
      const same = JSON.stringify({ tool, arguments: given, account, region, targets, guard: [] });
      const others: string[] = [];
      while (others.length < 21) others.push(await forge('approved', same));
      for (const id of others)
        await until(
          () => row(id),
          ({ state }) => state === 'denied',
        );
      expect((await agent.call('ec2_stop_instances', stop)).refusal).toMatchObject({ code: 'denied' });

      const long = `{"long":"${'x'.repeat(33_000_000)}"}`;
      for (let left = 3; left > 0; left -= 1) await forge('pending', long);
      const listed = await place.json(['tickets', 'list']);
      expect([listed.tickets.length, listed.truncated]).toEqual([2, true]);
      expect((await place.cli(['tickets', 'list'])).stdout).toContain('The newest 2 that are pending; there are more.');
    } finally {
      await server.stop();
    }
  },
  240_000,
);
