import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { entryRest } from '../../../src/audit/entry.ts';
import { startCloud } from '../../scenes/cloud.ts';
import { makePlace, REASON, until } from '../../scenes/front-door.ts';
import { openingOf } from '../../scenes/openings.ts';
import { asked, fromNpm, MISSING, makeDatabase, makeTemplate, startServer } from './server.ts';

const program = fromNpm();
if (!program) console.warn(`skipped: what a forged row does to the way back: ${MISSING}`);

it.skipIf(!program)(
  'a row of an agent login that says it restores a ticket takes the way back from nobody',
  async () => {
    const server = await startServer(program!);
    try {
      await makeTemplate(server, 'template');
      const database = await makeDatabase(server, 'template');
      await using cloud = await startCloud({ instances: [{ count: 1 }] });
      const config = `store: ${server.address('hub', database)}\nanchor: ./anchor\nenvironments:\n  - { name: sandbox, match: { regions: ["eu-west-1"] } }\n`;
      await using place = makePlace({ endpoint: cloud.endpoint, production: 'key', config });
      mkdirSync(join(place.home, 'anchor'), { mode: 0o700 });
      await place.cli(['approvers', 'enroll', 'ana', '--no-passphrase']);
      const agent = await place.agent(['--operator', 'otto', '--agent', 'claude']);
      const { instances } = await until(
        () => agent.call('ec2_describe_instances'),
        (answer) => answer.instances !== undefined,
      );
      const stop = { instance_ids: [instances[0].instance_id], reason: REASON };
      const { ticket: stopped } = await agent.call('ec2_stop_instances', stop);
      expect(stopped).toMatchObject({ state: 'succeeded' });

      const forge = (restores: object, at: number) => {
        const { id, draft, call } = openingOf(Date.now());
        const rest = entryRest({
          type: 'ticket.pending',
          actor: 'agent:claude',
          ticket: id,
          detail: { ticket_seq: 1 },
        });
        const row = { draft: JSON.stringify(draft), plan: JSON.stringify({ restores, at }), digest: 'd' };
        const told = { id, call, after: { state: 'pending', entries: 1, ...row } };
        const steps = JSON.stringify([{ told, entries: [{ moves: 'new', rest, recipients: [] }] }]);
        return asked(server.login('an_agent', database), (client) =>
          client.query('SELECT seq FROM holdshort.write_steps($1, $2)', ['stops', steps]),
        );
      };
      await forge({ ticket: stopped.id, part: 1 }, 1);
      await forge({ ticket: stopped.id }, 2);
      const restored = await agent.call('ticket_restore', { ticket_id: stopped.id, part: 1, reason: REASON });
      expect(restored.ticket, JSON.stringify(restored)).toMatchObject({ state: 'succeeded' });
    } finally {
      await server.stop();
    }
  },
  120_000,
);
