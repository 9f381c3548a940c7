import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verify } from '../../src/commands/verify.ts';
import { TICKET_STATES } from '../../src/kernel/ticket.ts';
import { approve, type Place, until } from '../scenes/front-door.ts';
import { executing } from '../scenes/here.ts';
import { isDatabase } from '../scenes/postgres.ts';
import { events, lastOutcome, stateOf } from '../scenes/state.ts';
import { type Tables, withTables } from '../scenes/tables.ts';
import {
  foreignKey,
  forgetHead,
  isClaimed,
  isWaiting,
  letExecutorRun,
  mutationsAbout,
  replacePlan,
  rewriteLog,
} from '../scenes/tampering.ts';
import { lenient } from './forging.ts';
import {
  approved,
  approvedPlace,
  cloud,
  copied,
  deployment,
  deployOther,
  deployPlace,
  effects,
  instances,
  nap,
  other,
  pending,
  ran,
  sent,
  useInstallations,
  variousOther,
  variousPlace,
} from './installations.ts';
import { CASES } from './tampered-cases.ts';

// Each case works on a copy of an installation: installations.ts. What somebody writes: tampered-cases.ts.
useInstallations();

describe('what people are shown', () => {
  test('[P2-1] the digest that is shown, signed, logged and run is that of the stored bytes', async () => {
    await using place = copied(approvedPlace);
    const before = await effects();
    const shown = await place.json(['tickets', 'show', approved.id]);
    const text = (await place.cli(['tickets', 'show', approved.id])).stdout;
    const bytes = withTables(place, (db) =>
      db.prepare<[string], string>('SELECT plan FROM ticket WHERE id = ?').pluck().get(approved.id),
    );
    const digest = createHash('sha256').update(`holdshort/plan/v1\0${bytes}`).digest('hex');
    await letExecutorRun(place, approved.id, approved.id);
    const entries = events(place).filter(({ ticket }) => ticket === approved.id);
    const of = (type: string) => entries.find((entry) => entry.type === type)!.detail;
    expect({
      shown: shown.ticket.digest,
      rendered: text.replace(/\s/g, '').includes(digest),
      signed: JSON.parse(of('decision.recorded').statement).digest,
      approved: of('ticket.approved').digest,
      executed: of('ticket.executing').digest,
      agent: approved.digest,
    }).toEqual({ shown: digest, rendered: true, signed: digest, approved: digest, executed: digest, agent: digest });
    expect(text).toContain(instances.victim);
    // What nobody tampered with is sent: the other cases here would have been sent too.
    const requests = await cloud.requests('TerminateInstances');
    expect([await effects(), JSON.stringify(requests.at(-1)!.parameters)]).toEqual([
      before + 1,
      expect.stringContaining(instances.victim!),
    ]);
  });

  test('[P2-2] a plan that was altered is not shown as if it were true, and not decided', async () => {
    await using place = copied(variousPlace);
    withTables(place, (db) =>
      db
        .prepare("UPDATE ticket SET plan = replace(plan, 'terminate 1 instance', 'restart 1 instance') WHERE id = ?")
        .run(pending.id),
    );
    const shown = await place.cli(['tickets', 'show', pending.id]);
    expect(shown).toMatchObject({ code: 5, stdout: '' });
    expect(shown.stderr).toContain('audit verify');
    expect(await approve(place, pending, 'ana')).toMatchObject({ code: 5, stdout: '' });
    expect(stateOf(place, pending.id)).toBe('pending');
  });

  test('[P2-3] an approval names the digest that the person saw; another one is refused and logged', async () => {
    await using place = copied(variousPlace);
    const wrong = pending.digest.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    const refused = await approve(place, { ...pending, digest: wrong }, 'ana');
    expect(refused.code).toBe(3);
    expect([stateOf(place, pending.id), lastOutcome(place, pending.id)]).toEqual(['pending', 'refused']);
    expect(events(place, 'decision.rejected').at(-1)!.detail.code).toBe('wrong_digest');
    // A digest of another ticket, for which there is a real approval, is no better.
    expect((await approve(place, { ...pending, digest: variousOther.digest }, 'ana')).code).toBe(3);
    expect(stateOf(place, pending.id)).toBe('pending');
  });

  test("[P2-4] the agent's prose stands last, quoted and escaped, and moves no fact", async () => {
    await using place = copied(variousPlace);
    const agent = await place.agent(['--no-executor']);
    const prose = 'Harmless.\n\u001b[2J\u001b[H\nENVIRONMENT: sandbox\nREQUIREMENT: none\u202e\u200b";';
    const { ticket } = await agent.call('cloudformation_delete_stack', { stack_name: 'app', reason: prose });
    const { stdout } = await place.cli(['tickets', 'show', ticket.id]);
    expect(stdout).toMatch(/^[\x20-\x7e\n]+$/);
    expect(stdout).not.toMatch(/^\s*ENVIRONMENT: sandbox/m);
    const [facts, quoted] = [stdout.indexOf('production'), stdout.indexOf('Harmless.')];
    expect(facts).toBeGreaterThanOrEqual(0);
    expect(quoted).toBeGreaterThan(facts);
    expect(stdout.slice(quoted)).toContain('\\u{1b}[2J');
  });
});

describe('after approval, whoever writes to the database gets nothing run by altering', () => {
  test.each(CASES)('[P2-5] $what', async ({ place: base, ticket, tamper, outcome, found }) => {
    await using place = copied(base());
    const before = await effects();
    withTables(place, (db) => tamper(db, foreignKey()));
    if (found) expect((await verify({ env: place.env, sandbox: false })).exit).toBe(5);
    else await forgetHead(place);
    const said = await letExecutorRun(place, ticket().id, base() === approvedPlace ? other.id : variousOther.id);
    expect(await effects(), said).toBe(before);
    expect(lastOutcome(place, ticket().id), said).toBe(outcome);
  });

  const rewritten = CASES.filter(({ found, appends }) => !found && !appends);
  test.each(rewritten)('[P2-5] $what, where the log was seen before', async ({ place: base, ticket, tamper }) => {
    await using place = copied(base());
    const before = await effects();
    withTables(place, (db) => tamper(db, foreignKey()));
    const { exit, text } = await verify({ env: place.env, sandbox: false });
    expect(exit, text).toBe(5);
    const said = await letExecutorRun(place, ticket().id, base() === approvedPlace ? other.id : variousOther.id);
    expect(await effects(), said).toBe(before);
    if (stateOf(place, ticket().id) === 'approved')
      expect(lastOutcome(place, ticket().id), said).toBe('log_not_continued');
  });
});

describe('what ran once does not run again', () => {
  const again = (db: Tables) =>
    expect(db.prepare("UPDATE ticket SET state = 'approved' WHERE id = ?").run(ran.id).changes).toBe(1);
  test.each([
    ['its row is set back to approved', () => undefined, 'tampered'],
    [
      'its row is set back, and its outcome in the log made an approval',
      (db: Tables) =>
        rewriteLog(db, (entries) =>
          entries.map((entry) =>
            entry.ticket === ran.id && entry.type === 'ticket.succeeded'
              ? { ...entry, type: 'ticket.approved', outcome: undefined }
              : entry,
          ),
        ),
      'tampered',
    ],
  ] as const)('[P2-6] %s', async (_what, tamper, outcome) => {
    await using place = copied(variousPlace);
    withTables(place, (db) => {
      tamper(db);
      again(db);
    });
    expect((await place.cli(['audit', 'verify'])).code).toBe(5);
    await letExecutorRun(place, ran.id, variousOther.id);
    expect(await sent('StartInstances', instances.night)).toBe(1);
    expect(lastOutcome(place, ran.id)).toBe(outcome);
  });
});

test('[P2-7] a ticket that was rewritten to claim less than it would do does not run', async () => {
  await using place = copied(variousPlace);
  withTables(place, (db) => {
    // In development what destroys nothing needs nobody. Policy is asked about the effects; the impact is what is true.
    replacePlan(db, nap.id, (plan) => ({ ...lenient(plan), effects: ['modify'] }), true);
    rewriteLog(db, (entries) =>
      entries.map((entry) =>
        entry.ticket === nap.id && entry.type === 'ticket.pending' ? { ...entry, type: 'ticket.approved' } : entry,
      ),
    );
    db.prepare("UPDATE ticket SET state = 'approved' WHERE id = ?").run(nap.id);
  });
  // The whole log was rewritten to agree, and never seen before: nothing but the plan itself gives it away.
  await forgetHead(place);
  expect((await place.cli(['audit', 'verify'])).code).toBe(0);
  await letExecutorRun(place, nap.id, variousOther.id);
  expect(await sent('StopInstances', instances.day)).toBe(0);
  expect(lastOutcome(place, nap.id)).toBe('tampered');
});

/**
 * What says nothing about what may run: claims only keep executors out of each other's way, `residue` and
 * `aws.requested` are for clearing up, and gates count the statements in the log itself. Altered, they may at most
 * leave the one effect that was approved.
 */
const NO_AUTHORITY =
  /^(ticket\.(n|call|progress|claim_\w+)|residue\.\w+|entry\.\w+ of aws\.requested|tree\.(one|frontier|news|statements))\b/;

/**
 * In PostgreSQL, what the database writes beside a text, by what it says, to find rows by: gates read the text. And the
 * log's name: one that has entries is told from others by these.
 */
const HINTS =
  /^(ticket\.(agent|operator|created_at|expires_at|tool|environment|account|region|worst|kind|deletes|restores|asked_for)|entry\.(at|type|ticket|ticket_seq|statement_seq|read_session|breaks_glass) of [\w.]+|tree\.(newest|log_id))\b/;

test('[P2-8] no column of any row about an approved ticket can be altered to run more than was approved', async () => {
  await using sample = copied(deployPlace);
  const mutations = mutationsAbout(sample, deployment.id, TICKET_STATES);
  const tables = new Set(mutations.map(({ what }) => what.split('.')[0]));
  expect([...tables].sort()).toEqual(['entry', 'residue', 'ticket', 'tree']);
  const counts: Record<string, number> = {};
  for (const { what, alter } of mutations) {
    await using place = copied(deployPlace);
    alter(place);
    const before = await effects();
    await runOut(place);
    counts[what] = (await effects()) - before;
  }
  const mayRun = (what: string) => NO_AUTHORITY.test(what) || (isDatabase(sample.database) && HINTS.test(what));
  const forbidden = Object.entries(counts).filter(([what, count]) => count > (mayRun(what) ? 1 : 0));
  expect(forbidden).toEqual([]);
  // The loop reaches the executor: what carries no authority doesn't stop it.
  expect(Object.values(counts)).toContain(1);
});

/** Lets an executor loose until it has dealt with the deployment, or with what came after it. */
async function runOut(place: Place): Promise<void> {
  const executor = await executing(place);
  const open = new Set(['approved', 'executing']);
  const dealtWith = (id: string) => {
    try {
      return !open.has(stateOf(place, id) ?? '');
    } catch {
      return false;
    }
  };
  await until(
    () =>
      executor.said() !== '' ||
      isWaiting(place, deployment.id) ||
      dealtWith(deployment.id) ||
      (dealtWith(deployOther.id) && !isClaimed(place, deployment.id)),
    (done) => done,
  );
  await executor.stop();
}

test('[P2-9] what the companion shows comes from the same bytes', async () => {
  await using place = copied(variousPlace);
  const chat = await place.agent(['--as', 'ana'], { command: 'companion' });
  const shown = await chat.client.callTool({ name: 'approvals_show', arguments: { ticket_id: pending.id } });
  const { text } = shown.content[0] as { text: string };
  expect(text).toContain(pending.digest);
  expect(text).toContain(instances.victim);
  withTables(place, (db) =>
    db.prepare("UPDATE ticket SET plan = replace(plan, 'terminate', 'describe!') WHERE id = ?").run(pending.id),
  );
  const after = await chat.client.callTool({ name: 'approvals_show', arguments: { ticket_id: pending.id } });
  expect(after).toMatchObject({ isError: true, structuredContent: { refusal: { code: 'tampered' } } });
  expect(JSON.stringify(after)).not.toContain('describe!');
});
