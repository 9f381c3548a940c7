import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startNotifier } from '../../src/notify/notifier.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { until } from '../scenes/front-door.ts';
import { decision, openingOf, person } from '../scenes/openings.ts';
import { withDatabase } from '../scenes/tables.ts';
import { startEndpoint } from '../scenes/webhook.ts';

test('broken glass is told of a ticket that was altered too: who writes to the database can not silence it', async () => {
  const home = mkdtempSync(join(tmpdir(), 'holdshort-notify-'));
  const database = join(home, 'holdshort.db');
  const endpoint = await startEndpoint();
  const store = openSqliteStore({ file: database, recipients: () => ['r'] });
  onTestFinished(async () => {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  });
  const { ticket } = await store
    .forAgent({ agent: 'claude', operator: 'ann', session: 's1' })
    .openTicket(openingOf(Date.now()));
  await store.forApprover().recordDecision({
    ticket: ticket.id,
    expected: { state: 'pending', decisions: 0 },
    signed: decision(person('noa'), ticket, 'approve', { break_glass: true, reason: 'checkout is down' }),
    to: 'approved',
    actor: 'approver:noa',
    detail: {},
  });
  withDatabase({ database }, (db) =>
    db.prepare("UPDATE ticket SET draft = json_set(draft, '$.reason', 'another') WHERE id = ?").run(ticket.id),
  );
  const log = { warn() {}, error() {} } as never;
  const on = ['decided'] as const;
  const recipients = [{ id: 'r', on, kind: 'webhook', url: endpoint.url, format: 'slack', secretFile: undefined }];
  const notifier = startNotifier({ store: store.forNotifier(), recipients: recipients as never, log, retryMs: [0] });
  onTestFinished(() => notifier.stop());
  const told = await until(
    () => endpoint.received.map(({ body }) => body).find((body) => body.includes('approved')),
    (body) => body !== undefined,
  );
  expect(told).toContain('GLASS BROKEN');
  expect(told).toContain('not what the log says');
  expect(told).toContain('checkout is down');
});
