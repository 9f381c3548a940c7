import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { approversRevoke } from '../../approvals/cli/approvers-revoke.ts';
import { approve, deny } from '../../approvals/cli/decide.ts';
import { decideSeveral } from '../../approvals/cli/decide-several.ts';
import { ticketsReview } from '../../approvals/cli/review-glass.ts';
import { ticketsList, ticketsShow } from '../../approvals/cli/tickets.ts';
import { listPending } from '../../approvals/companion/read.ts';
import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { readPinned } from '../../approvals/keys/pinned.ts';
import { signedNow } from '../../approvals/record/record-statement.ts';
import type { RecheckContext } from '../../src/executor/context.ts';
import { gate } from '../../src/executor/recheck.ts';
import { readPlan } from '../../src/kernel/plan.ts';
import type { Signed, StatementOf } from '../../src/kernel/statement.ts';
import { DEFAULT_POLICY } from '../../src/policy/default.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { codeOf, type Installation, openInstallation, signedWith } from '../scenes/installation.ts';
import { rewriteLog } from '../scenes/tampering.ts';

/** Two people by rule, or noa alone; mara, for whom the agent works, too. */
const NAMES_NOA = `
permit (principal, action, resource) when { context.approvals.without_operator.presence >= 2 };
@id("break-glass")
permit (principal, action in Action::"change", resource == Environment::"production")
when { context.break_glass.key.containsAny(["noa", "mara"]) };
`;
const MINUTE = 60_000;
const REASON = 'checkout is down, and nobody else answers';

const alone = (ticket: StoredTicket, reason: string | undefined = REASON) => ({
  yes: true,
  digest: ticket.plan?.digest,
  breakGlass: true,
  reason,
});
const yes = (ticket: StoredTicket) => ({ yes: true, digest: ticket.plan?.digest });
const stored = (installation: Installation, { id }: StoredTicket) => installation.store.forApprover().ticket(id);
const listed = async (installation: Installation, state?: string) =>
  (await ticketsList(installation.context('noa'), state ? { state } : {})).text.replaceAll(/\s+/g, ' ');

async function opened(policy = NAMES_NOA, rules?: Parameters<typeof openInstallation>[0]) {
  const installation = await openInstallation({ policy, ...rules });
  await installation.enroll('noa', 'ida', 'mara');
  return { installation, ticket: await installation.openTicket() };
}

/** What the executor makes of it right now. */
async function gated(installation: Installation, ticket: StoredTicket) {
  const { rules, policy, makers } = installation.context('noa');
  const context = {
    store: installation.store.forExecutor('x'),
    rules,
    policy,
    makers,
    pinned: () => readPinned(installation.keysDir),
  };
  const now = await stored(installation, ticket);
  const plan = readPlan(now.plan!, now.id);
  return gate(now, plan, undefined as never, context as unknown as RecheckContext);
}

async function signer(installation: Installation, name: string) {
  return unlockKey(readKey(installation.keysDir, name, 'key')!, async () => '');
}

/** A decision as someone signs it by hand, put where the desk would never put it. */
async function inserted(
  installation: Installation,
  ticket: StoredTicket,
  name: string,
  more: Partial<StatementOf<'decision'>>,
) {
  const by = await signer(installation, name);
  const now = signedNow(by, installation.context('noa').now());
  const signed = await signedWith(by, {
    kind: 'decision',
    ticket: ticket.id,
    digest: ticket.plan!.digest,
    decision: 'approve',
    assurance: 'key',
    reason: REASON,
    break_glass: true,
    expires_at: new Date(Date.parse(now.signed_at) + 15 * MINUTE).toISOString(),
    ...now,
    ...more,
  });
  await insert(installation, ticket, signed);
}

async function insert(installation: Installation, ticket: StoredTicket, signed: Signed) {
  const { state, decisions } = await stored(installation, ticket);
  await installation.store.forApprover().recordDecision({
    ticket: ticket.id,
    expected: { state, decisions: decisions.length },
    signed,
    to: 'approved',
    actor: 'approver:noa',
    detail: {},
  });
}

describe('breaking the glass', () => {
  test('is for nobody by default, and the refusal has the line of policy that it would take', async () => {
    const { installation, ticket } = await opened(DEFAULT_POLICY);
    const refused = approve(installation.context('ida'), ticket.id, alone(ticket));
    await expect(refused).rejects.toMatchObject({
      code: 'policy_forbids',
      recovery: expect.stringContaining(
        'permit (principal, action in Action::"change", resource == Environment::"production") when { context.break_glass.key.contains("ida") };',
      ),
    });
    expect((await stored(installation, ticket)).state).toBe('pending');
  });

  test('is for whom policy names, alone, where it otherwise asks two others for more proof', async () => {
    const { installation, ticket } = await opened();
    expect(await codeOf(approve(installation.context('ida'), ticket.id, alone(ticket)))).toBe('policy_forbids');
    expect(await codeOf(approve(installation.context('noa'), ticket.id, yes(ticket)))).toBe('assurance_too_low');
    await approve(installation.context('noa'), ticket.id, alone(ticket));
    expect(await stored(installation, ticket)).toMatchObject({ state: 'approved' });
    expect(await gated(installation, ticket)).toMatchObject({ kind: 'go', clearance: { broken_by: ['noa'] } });
    const recorded = (await installation.events()).filter(({ detail }) => detail.break_glass);
    expect(recorded.map(({ type }) => type)).toEqual(['decision.rejected', 'decision.recorded', 'ticket.approved']);
  });

  test('is for the operator too, where policy names them', async () => {
    const { installation, ticket } = await opened();
    await approve(installation.context('mara'), ticket.id, alone(ticket));
    expect(await gated(installation, ticket)).toMatchObject({ kind: 'go', clearance: { broken_by: ['mara'] } });
  });

  test('stands for 15 minutes', async () => {
    const { installation, ticket } = await opened();
    await approve(installation.context('noa'), ticket.id, alone(ticket));
    installation.tick(15 * MINUTE - 1);
    expect((await gated(installation, ticket)).kind).toBe('go');
    installation.tick(1);
    expect(await gated(installation, ticket)).toMatchObject({
      kind: 'stop',
      refusal: {
        code: 'approval_invalid',
        message: expect.stringMatching(/^noa broke the glass until .*, which was over before it began$/),
      },
    });
  });

  test.each([
    ['for longer', (now: number) => ({ expires_at: new Date(now + 16 * MINUTE).toISOString() })],
    [
      'from a moment that is still to come',
      (now: number) => ({
        signed_at: new Date(now + 60 * MINUTE).toISOString(),
        expires_at: new Date(now + 75 * MINUTE).toISOString(),
      }),
    ],
    ['without a reason', () => ({ reason: undefined })],
    ['with an empty one', () => ({ reason: '  ' })],
  ])('signed by hand %s does not count', async (_what, more) => {
    const { installation, ticket } = await opened();
    await inserted(installation, ticket, 'noa', more(installation.context('noa').now().getTime()));
    expect(await gated(installation, ticket)).toMatchObject({
      kind: 'stop',
      refusal: { message: expect.stringContaining('(glass out of order)') },
    });
  });

  test('needs a reason, one ticket, an approval, and that nothing else would do', async () => {
    const { installation, ticket } = await opened();
    const other = await installation.openTicket({ targets: [] });
    const context = installation.context('noa');
    expect(await codeOf(approve(context, ticket.id, { ...alone(ticket), reason: undefined }))).toBe('usage');
    expect(await codeOf(approve(context, ticket.id, alone(ticket, '  ')))).toBe('usage');
    const several = { breakGlass: true, reason: REASON };
    expect(await codeOf(decideSeveral(context, [ticket.id, other.id], 'approve', several))).toBe('usage');
    expect(await codeOf(decideSeveral(context, [ticket.id], 'approve', { ...several, withdraw: true }))).toBe('usage');
    const plain = await opened(undefined, {
      policy: 'permit (principal, action, resource) when { context.approvals.all.key >= 1 };',
    });
    const refused = approve(plain.installation.context('noa'), plain.ticket.id, alone(plain.ticket));
    await expect(refused).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('nothing needs') });
  });

  test('does not get past a rule that forbids, nor past a denial', async () => {
    const { installation, ticket } = await opened(
      `${NAMES_NOA}forbid (principal, action, resource) when { context.effects.contains(Effect::"delete") };`,
    );
    const refused = approve(installation.context('noa'), ticket.id, alone(ticket));
    await expect(refused).rejects.toMatchObject({
      code: 'policy_forbids',
      message: expect.stringContaining('broken glass or not'),
    });
    await inserted(installation, ticket, 'noa', {});
    expect((await gated(installation, ticket)).kind).toBe('stop');

    const denied = await opened();
    await approve(denied.installation.context('noa'), denied.ticket.id, alone(denied.ticket));
    await deny(denied.installation.context('ida'), denied.ticket.id, { ...yes(denied.ticket), reason: 'wait for me' });
    expect(await stored(denied.installation, denied.ticket)).toMatchObject({ state: 'denied' });
    // Someone else has looked.
    expect(await listed(denied.installation)).not.toContain('GLASS');
  });

  test('is asked for at the terminal with a loud line right above the question', async () => {
    const { installation, ticket } = await opened();
    const context = installation.context('noa', ['payments-production']);
    await approve(context, ticket.id, { breakGlass: true, reason: REASON });
    const [plan = '', question] = context.terminal.shown;
    expect(plan.split('\n').slice(-6).join('\n')).toContain('YOU BREAK THE GLASS');
    expect(question).toContain('To BREAK THE GLASS on this as noa, type');
  });
});

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
    const unsigned = JSON.stringify({ ...review, ...signedNow(ida, new Date()) });
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
    const now = signedNow(by, installation.context('noa').now());
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
