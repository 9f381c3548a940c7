import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { approversRevoke } from '../../approvals/cli/approvers-revoke.ts';
import { approve } from '../../approvals/cli/decide.ts';
import { ticketsReview } from '../../approvals/cli/review-glass.ts';
import { ticketsList, ticketsShow } from '../../approvals/cli/tickets.ts';
import { listPending } from '../../approvals/companion/read.ts';
import { signedAt } from '../../approvals/record/record-statement.ts';
import { codeOf } from '../scenes/installation.ts';
import { rewriteLog } from '../scenes/tampering.ts';

import { alone, gated, insert, listed, MINUTE, opened, REASON, signer, stored, yes } from './glass.ts';

describe('broken glass', () => {
  test('is said first in every listing, whatever it lists, until somebody else has reviewed it', async () => {
    const { installation, ticket } = await opened();
    await approve(installation.context('noa'), ticket.id, alone(ticket, 'down \u202e\u001b[2J "quoted"'));
    const shout =
      /^GLASS BROKEN on (tkt_\w{20}) \(production, would DELETE 3 resources.*\) by noa, .* UTC: "down \\u\{202e\}\\u\{1b\}\[2J .*Not reviewed by a second person: holdshort tickets review \1/;
    for (const state of [undefined, 'pending', 'failed']) expect(await listed(installation, state)).toMatch(shout);
    const { data } = await ticketsList(installation.context('noa'), { state: 'failed' });
    expect(data).toMatchObject({
      glass_broken: [{ ticket_id: ticket.id, broken: [{ by: 'noa' }] }],
      glass_damaged: [],
      glass_truncated: false,
    });
    const chat = await listPending(installation.context('ida'));
    const said = (chat.content[0] as { text: string }).text.replace('```text\n', '');
    expect(said.replaceAll(/\s+/g, ' ')).toMatch(shout);
    const shown = await ticketsShow(installation.context('noa'), ticket.id);
    expect(shown.text).toMatch(/GLASS BROKEN\s+by noa/);
    expect(shown.data).toMatchObject({ ticket: { reviewed_by: null, decisions: [{ by: 'noa', break_glass: true }] } });

    expect(await codeOf(ticketsReview(installation.context('noa'), ticket.id, yes(ticket)))).toBe('policy_forbids');
    expect(await codeOf(ticketsReview(installation.context('zoe'), ticket.id, yes(ticket)))).toBe('not_enrolled');
    expect(
      await codeOf(ticketsReview(installation.context('ida'), ticket.id, { yes: true, digest: '0'.repeat(64) })),
    ).toBe('wrong_digest');
    expect(await listed(installation)).toMatch(shout);

    await ticketsReview(installation.context('ida'), ticket.id, { ...yes(ticket), reason: 'it was right' });
    for (const state of [undefined, 'failed']) expect(await listed(installation, state)).not.toContain('GLASS');
    expect((await ticketsShow(installation.context('noa'), ticket.id)).text).toContain('reviewed by ida');
    expect((await installation.events()).at(-1)).toMatchObject({ type: 'decision.reviewed', actor: 'approver:ida' });
    // Who leaves doesn't take the review along.
    await approversRevoke(installation.context('noa'), 'ida', { reason: 'left' });
    expect(await listed(installation)).not.toContain('GLASS');
  });

  test('is not forgotten with time, nor with the key of whoever broke it', async () => {
    const { installation, ticket } = await opened();
    await approve(installation.context('mara'), ticket.id, alone(ticket));
    await approversRevoke(installation.context('noa'), 'mara', { reason: 'quick' });
    installation.tick(30 * 24 * 60 * MINUTE);
    expect(await listed(installation)).toContain(`GLASS BROKEN on ${ticket.id}`);
  });

  test('that nobody broke can not be reviewed', async () => {
    const { installation, ticket } = await opened();
    expect(await codeOf(ticketsReview(installation.context('ida'), ticket.id, yes(ticket)))).toBe('wrong_state');
  });

  test('is not believed of a row that no enrolled key signed, nor is a review of it', async () => {
    const { installation, ticket } = await opened();
    await approve(installation.context('noa'), ticket.id, alone(ticket));
    const other = await installation.openTicket({ targets: [] });
    const forged = { ...(await stored(installation, ticket)).decisions[0]!, signature: 'AAAA' };
    const statement = JSON.parse(forged.statement);
    const about = { ticket: other.id, digest: other.plan!.digest };
    await insert(installation, other, { ...forged, statement: JSON.stringify({ ...statement, ...about }) });
    expect(await listed(installation)).not.toContain(`GLASS BROKEN on ${other.id}`);
    expect((await gated(installation, other)).kind).toBe('stop');

    const review = { kind: 'review', ticket: ticket.id, digest: ticket.plan!.digest };
    const ida = await signer(installation, 'ida');
    const unsigned = JSON.stringify({ ...review, ...signedAt(ida, new Date().toISOString()) });
    const statements = await installation.store.forApprover().statements();
    await installation.store.forApprover().recordStatement({
      signed: { statement: unsigned, signature: 'AAAA' },
      expected: statements.length,
      event: { type: 'decision.reviewed', actor: 'approver:ida', detail: {} },
    });
    expect(await listed(installation)).toContain(`GLASS BROKEN on ${ticket.id}`);
  });

  test('is found by what was signed, whatever else the log says of it', async () => {
    const { installation, ticket } = await opened();
    await approve(installation.context('noa'), ticket.id, alone(ticket));
    const db = new Sqlite(installation.file);
    for (const name of db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all())
      db.exec(`DROP TRIGGER ${name}`);
    rewriteLog(db, (entries) =>
      entries.map(({ detail: { break_glass: _, ...detail }, ...entry }) => ({ ...entry, detail }) as never),
    );
    db.close();
    expect(await listed(installation)).toContain(`GLASS BROKEN on ${ticket.id}`);
  });

  test('can not be said twice, once each way, in what is signed', async () => {
    const { installation, ticket } = await opened();
    const by = await signer(installation, 'noa');
    const now = signedAt(by, installation.context('noa').now().toISOString());
    const until = new Date(Date.parse(now.signed_at) + 15 * MINUTE).toISOString();
    const said = { kind: 'decision', ticket: ticket.id, digest: ticket.plan!.digest, decision: 'approve' };
    const text = JSON.stringify({
      ...said,
      assurance: 'key',
      reason: REASON,
      expires_at: until,
      break_glass: true,
      ...now,
    });
    // What reads the first of two sees nothing broken; JavaScript reads the last.
    const twice = text.replace('"assurance"', '"break_glass":false,"assurance"');
    expect(JSON.parse(twice)).toMatchObject({ break_glass: true });
    expect(await codeOf(insert(installation, ticket, { statement: twice, signature: await by.sign(twice) }))).toBe(
      'wrong_digest',
    );
    expect(await stored(installation, ticket)).toMatchObject({ state: 'pending', decisions: [] });
  });

  test('is still spoken of where somebody altered the ticket', async () => {
    const { installation, ticket } = await opened();
    await approve(installation.context('noa'), ticket.id, alone(ticket));
    const db = new Sqlite(installation.file);
    for (const name of db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all())
      db.exec(`DROP TRIGGER ${name}`);
    db.prepare("UPDATE ticket SET plan = replace(plan, 'stack', 'stick') WHERE id = ?").run(ticket.id);
    db.close();
    expect(await listed(installation, 'failed')).toContain(`GLASS may be BROKEN on ${ticket.id}`);
  });
});
