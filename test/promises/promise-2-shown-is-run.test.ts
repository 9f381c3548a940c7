import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAws } from '../../src/aws/index.ts';
import { executorFor } from '../../src/commands/executor.ts';
import { openInstallation } from '../../src/commands/installation.ts';
import type { PlanRecord } from '../../src/kernel/plan.ts';
import type { StatementOf } from '../../src/kernel/statement.ts';
import { TICKET_STATES } from '../../src/kernel/ticket.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, approve, enroll, makePlace, type Place, REASON, until } from '../scenes/front-door.ts';
import { events, lastOutcome, stateOf } from '../scenes/state.ts';
import {
  copyInto,
  type ForeignKey,
  foreignKey,
  forgetHead,
  isClaimed,
  isWaiting,
  letExecutorRun,
  mutationsAbout,
  replacePlan,
  rewriteLog,
  withDatabase,
} from '../scenes/tampering.ts';

/*
 * Between approval and execution someone writes to the database. Each case works on a copy of an installation in which
 * no executor has run yet. The cloud counts what arrives and refuses it, so that no case can hide what another one did.
 */

const CONFIG = 'environments:\n  - name: development\n    match: { tags: { env: dev } }\n';
const EFFECTS = ['TerminateInstances', 'ExecuteChangeSet', 'DeleteStack'] as const;

interface Held {
  readonly id: string;
  readonly digest: string;
}

let cloud: Cloud;
const instances: Record<string, string> = {};
/** Holds an approved termination, and an approved start of another instance with which nothing is wrong. */
let approvedPlace: Place;
let approved: Held;
let other: Held;
/** Holds tickets that are pending, denied and succeeded, a pending stop in development, and an approved start. */
let variousPlace: Place;
let pending: Held;
let denied: Held;
let ran: Held;
let nap: Held;
let variousOther: Held;
/** Holds an approved deployment with its change set, and an approved start. */
let deployPlace: Place;
let deployment: Held;
let deployOther: Held;

const held = async (agent: Agent, tool: string, args: Record<string, unknown>): Promise<Held> => {
  const { ticket } = await agent.call(tool, { reason: REASON, ...args });
  return { id: ticket.id, digest: ticket.digest };
};

async function approvedStart(place: Place, agent: Agent): Promise<Held> {
  const start = await held(agent, 'ec2_start_instances', { instance_ids: [instances.idle] });
  expect((await approve(place, start, 'ana')).code).toBe(0);
  return start;
}

beforeAll(async () => {
  const queue = { Type: 'AWS::SQS::Queue' };
  cloud = await startCloud({
    stacks: [{ name: 'app', template: { Resources: { Jobs: queue, Old: queue } } }],
    instances: [
      { tags: { Name: 'victim' } },
      { tags: { Name: 'spared' } },
      { tags: { Name: 'idle' }, state: 'stopped' },
      { tags: { Name: 'night', env: 'dev' }, state: 'stopped' },
      { tags: { Name: 'day', env: 'dev' } },
    ],
  });
  approvedPlace = makePlace({ endpoint: cloud.endpoint, config: CONFIG, production: 'key' });
  variousPlace = makePlace({ endpoint: cloud.endpoint, config: CONFIG, production: 'key' });
  deployPlace = makePlace({ endpoint: cloud.endpoint, config: CONFIG, production: 'key' });
  await enroll(approvedPlace, 'ana');
  copyInto(variousPlace, approvedPlace);
  copyInto(deployPlace, approvedPlace);

  const busy = await variousPlace.agent();
  for (const { tags, instance_id } of (await busy.call('ec2_describe_instances')).instances)
    instances[tags.Name] = instance_id;
  // Started, and stopped again: AWS is as it was when the start was planned, and only the record says that the start is
  // used up.
  const started = await busy.call('ec2_start_instances', { instance_ids: [instances.night], reason: REASON });
  expect(started.outcome).toBe('completed');
  ran = started.ticket;
  const stop = await held(busy, 'ec2_stop_instances', { instance_ids: [instances.night] });
  await approve(variousPlace, stop, 'ana');
  expect((await busy.call('ticket_wait', { ticket_id: stop.id })).ticket.state).toBe('succeeded');
  await busy.close();

  // Clearing up too: a case that makes the change set look left over mustn't take it from the next one.
  for (const action of [...EFFECTS, 'DeleteChangeSet'])
    await cloud.fault({ action, mode: 'error', code: 'UnauthorizedOperation', status: 403, times: 10_000 });
  const idle = await variousPlace.agent(['--no-executor']);
  // Not the one of the next: what was denied is not to be had again for an hour.
  denied = await held(idle, 'ec2_terminate_instances', { instance_ids: [instances.spared] });
  await variousPlace.cli(['deny', denied.id, '--reason', 'no', '--yes', '--digest', denied.digest, '--as', 'ana']);
  pending = await held(idle, 'ec2_terminate_instances', { instance_ids: [instances.victim] });
  nap = await held(idle, 'ec2_stop_instances', { instance_ids: [instances.day] });
  variousOther = await approvedStart(variousPlace, idle);
  await idle.close();

  const one = await approvedPlace.agent(['--no-executor']);
  approved = await held(one, 'ec2_terminate_instances', { instance_ids: [instances.victim] });
  expect((await approve(approvedPlace, approved, 'ana')).code).toBe(0);
  other = await approvedStart(approvedPlace, one);
  await one.close();

  const two = await deployPlace.agent(['--no-executor']);
  const template_body = JSON.stringify({ Resources: { Jobs: queue } });
  deployment = await held(two, 'cloudformation_deploy_stack', { stack_name: 'app', template_body });
  expect((await approve(deployPlace, deployment, 'ana')).code).toBe(0);
  deployOther = await approvedStart(deployPlace, two);
  await two.close();
});

afterAll(async () => {
  for (const one of [approvedPlace, variousPlace, deployPlace, cloud]) await one?.[Symbol.asyncDispose]();
});

/** How many effects have arrived in the cloud. */
async function effects(): Promise<number> {
  const counts = await Promise.all(EFFECTS.map(async (action) => (await cloud.requests(action)).length));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** How often an action was asked for an instance. */
async function sent(action: string, instance: string | undefined): Promise<number> {
  const requests = await cloud.requests(action);
  return requests.filter(({ parameters }) => JSON.stringify(parameters).includes(String(instance))).length;
}

function copied(place: Place): Place {
  const copy = makePlace({ endpoint: cloud.endpoint, config: CONFIG, production: 'key' });
  copyInto(copy, place);
  return copy;
}

describe('what people are shown', () => {
  test('[P2-1] the digest that is shown, signed, logged and run is that of the stored bytes', async () => {
    await using place = copied(approvedPlace);
    const before = await effects();
    const shown = await place.json(['tickets', 'show', approved.id]);
    const text = (await place.cli(['tickets', 'show', approved.id])).stdout;
    const bytes = withDatabase(place, (db) =>
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
    withDatabase(place, (db) =>
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

/** The approver's own key, as enrolled; the attacker can read it and not sign with it. */
function anaIn(db: Database): { readonly key: string; readonly by: string } {
  const [key] = db
    .prepare<[], string>("SELECT detail ->> '$.key' FROM audit_events WHERE type = 'approver.enrolled'")
    .pluck()
    .all();
  return { key: key!, by: 'ana' };
}

function approvalBy(signer: { key: string; by: string }, ticket: Held): StatementOf<'decision'> {
  return {
    kind: 'decision',
    ticket: ticket.id,
    digest: ticket.digest,
    decision: 'approve',
    assurance: 'key',
    expires_at: '2099-01-01T00:00:00.000Z',
    nonce: 'f'.repeat(32),
    signed_at: new Date().toISOString(),
    ...signer,
  };
}

/** Makes log and row say that the ticket was approved; with a decision, if there is one. */
function forgeApproval(db: Database, ticket: Held, decision?: { statement: string; signature: string }): void {
  rewriteLog(db, (entries) => {
    const { at } = entries.at(-1)!;
    const about = { at, actor: 'approver:ana', ticket: ticket.id, tool: 'ec2_terminate_instances' };
    const step = { ...about, type: 'ticket.approved', detail: { digest: ticket.digest, ticket_seq: 0 } };
    const signed = { ...about, type: 'decision.recorded', detail: { ...decision, ticket_seq: 0 } };
    return [...entries, ...(decision ? [signed] : []), step];
  });
  db.prepare("UPDATE ticket SET state = 'approved' WHERE id = ?").run(ticket.id);
}

/** Edits the text of one entry and leaves its hash as it was. */
function editEntry(db: Database, type: string, ticket: string, from: string, to: string): void {
  const { changes } = db
    .prepare("UPDATE entry SET text = replace(text, ?, ?) WHERE text ->> '$.type' = ? AND text ->> '$.ticket' = ?")
    .run(from, to, type, ticket);
  expect(changes).toBe(1);
}

interface Case {
  readonly what: string;
  readonly place: () => Place;
  readonly ticket: () => Held;
  readonly tamper: (db: Database, key: ForeignKey) => void;
  /** With what the log ends the ticket; undefined where there is nothing left that could be ended. */
  readonly outcome?: string | undefined;
  /** Whether the log contradicts itself. One that was rewritten as a whole doesn't: then signatures stop it. */
  readonly found: boolean;
  /** What was there before stands as it was: the log that was seen goes on. */
  readonly appends?: true;
}

const onApproved = { place: () => approvedPlace, ticket: () => approved };
const onPending = { place: () => variousPlace, ticket: () => pending };
const onDenied = { place: () => variousPlace, ticket: () => denied };
const set = (column: string, value: (ticket: Held) => string, of: () => Held) => (db: Database) => {
  expect(db.prepare(`UPDATE ticket SET ${column} = ${value(of())} WHERE id = ?`).run(of().id).changes).toBe(1);
};
const lenient = (plan: PlanRecord): PlanRecord => ({
  ...plan,
  requirement: { approvals: 0, assurance: 'client', operator_may_approve: true },
});

const CASES: readonly Case[] = [
  {
    what: "the plan's bytes",
    ...onApproved,
    tamper: set(
      'plan',
      () => `replace(plan, '"production"', '"sandbox"')`,
      () => approved,
    ),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'the digest',
    ...onApproved,
    tamper: set(
      'digest',
      ({ digest }) => `'${digest.split('').reverse().join('')}'`,
      () => approved,
    ),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'the requirement, with a digest to match',
    ...onApproved,
    tamper: (db) => void replacePlan(db, approved.id, lenient),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'the requirement, with digest and log to match',
    ...onApproved,
    tamper: (db) => void replacePlan(db, approved.id, lenient, true),
    outcome: 'approval_invalid',
    found: false,
  },
  {
    what: 'the target, with digest and log to match',
    ...onApproved,
    tamper: (db) =>
      void replacePlan(
        db,
        approved.id,
        (plan) => JSON.parse(JSON.stringify(plan).replaceAll(instances.victim!, instances.night!)),
        true,
      ),
    outcome: 'approval_invalid',
    found: false,
  },
  {
    what: 'who the agent works for, in the row alone',
    ...onApproved,
    tamper: set(
      'draft',
      () => `json_set(draft, '$.operator', 'ana')`,
      () => approved,
    ),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'its expiry, in the row alone',
    ...onApproved,
    tamper: set(
      'draft',
      () => `json_set(draft, '$.expires_at', '2099-01-01T00:00:00.000Z')`,
      () => approved,
    ),
    outcome: 'tampered',
    found: true,
  },
  {
    what: "the decision's statement",
    ...onApproved,
    tamper: (db) =>
      editEntry(db, 'decision.recorded', approved.id, '\\"assurance\\":\\"key\\"', '\\"assurance\\":\\"presence\\"'),
    outcome: 'tampered',
    found: true,
  },
  {
    what: "the decision's signature, with the log to match",
    ...onApproved,
    tamper: (db) =>
      rewriteLog(db, (entries) =>
        entries.map((entry) =>
          entry.ticket === approved.id && entry.type === 'decision.recorded'
            ? { ...entry, detail: { ...entry.detail, signature: Buffer.alloc(64, 7).toString('base64') } }
            : entry,
        ),
      ),
    outcome: 'approval_invalid',
    found: false,
  },
  {
    what: 'the decision: its entry is gone',
    ...onApproved,
    tamper: (db) =>
      void db
        .prepare("DELETE FROM entry WHERE text ->> '$.ticket' = ? AND text ->> '$.type' = 'decision.recorded'")
        .run(approved.id),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'the decision: it is gone, with the log to match',
    ...onApproved,
    tamper: (db) =>
      rewriteLog(db, (entries) =>
        entries.filter((entry) => entry.ticket !== approved.id || entry.type !== 'decision.recorded'),
      ),
    outcome: 'approval_invalid',
    found: false,
  },
  {
    what: 'the key of the approver: another one stands in her enrolment',
    ...onApproved,
    tamper: (db, key) => {
      const { by } = anaIn(db);
      const decision = key.sign(approvalBy({ key: key.id, by }, approved));
      rewriteLog(db, (entries) =>
        entries.map((entry) => {
          if (entry.type === 'decision.recorded' && entry.ticket === approved.id)
            return { ...entry, detail: { ...entry.detail, ...decision } };
          const statement = entry.type === 'approver.enrolled' ? JSON.parse(entry.detail.statement) : undefined;
          if (statement?.max_assurance !== 'key') return entry;
          const enrolment = { ...statement, public_key: key.publicKey, public_key_id: key.id, key: key.id };
          return { ...entry, detail: { ...entry.detail, ...key.sign(enrolment), key: key.id } };
        }),
      );
    },
    outcome: 'approval_invalid',
    found: false,
  },
  {
    what: 'the state of a pending ticket',
    ...onPending,
    tamper: set(
      'state',
      () => `'approved'`,
      () => pending,
    ),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'the state of a pending ticket, with the log to match',
    ...onPending,
    tamper: (db) => forgeApproval(db, pending),
    outcome: 'approval_invalid',
    found: false,
    appends: true,
  },
  {
    what: "a decision that somebody without a key made in the approver's name",
    ...onPending,
    tamper: (db, key) => forgeApproval(db, pending, key.sign(approvalBy(anaIn(db), pending))),
    outcome: 'approval_invalid',
    found: false,
    appends: true,
  },
  {
    what: "another ticket's approval",
    ...onPending,
    tamper: (db) => {
      const [signed] = db
        .prepare<[string], string>("SELECT detail FROM audit_events WHERE ticket = ? AND type = 'decision.recorded'")
        .pluck()
        .all(variousOther.id);
      const { statement, signature } = JSON.parse(signed!);
      forgeApproval(db, pending, { statement, signature });
    },
    outcome: 'approval_invalid',
    found: false,
    appends: true,
  },
  {
    what: 'an approver who enrolled himself, and his decision',
    ...onPending,
    tamper: (db, key) => {
      const signer = { key: key.id, by: 'eve' };
      const { at } = db.prepare('SELECT max(at) AS at FROM audit_events').get() as { at: string };
      const enrolment = key.sign({
        kind: 'enroll',
        name: 'eve',
        public_key: key.publicKey,
        public_key_id: key.id,
        max_assurance: 'hardware',
        nonce: 'e'.repeat(32),
        signed_at: at,
        ...signer,
      });
      rewriteLog(db, (entries) => [
        ...entries,
        {
          at,
          type: 'approver.enrolled',
          actor: 'approver:ana',
          detail: { name: 'eve', ...enrolment, statement_seq: 0 },
        },
      ]);
      forgeApproval(db, pending, key.sign(approvalBy(signer, pending)));
    },
    outcome: 'approval_invalid',
    found: false,
  },
  {
    what: 'the state of a denied ticket',
    ...onDenied,
    tamper: set(
      'state',
      () => `'approved'`,
      () => denied,
    ),
    outcome: 'tampered',
    found: true,
  },
  {
    what: 'the state of a denied ticket, with the log to match but for the signed denial',
    ...onDenied,
    tamper: (db) =>
      rewriteLog(db, (entries) => {
        db.prepare("UPDATE ticket SET state = 'approved' WHERE id = ?").run(denied.id);
        return entries.map((entry) =>
          entry.ticket === denied.id && entry.type === 'ticket.denied' ? { ...entry, type: 'ticket.approved' } : entry,
        );
      }),
    outcome: 'denied',
    found: false,
  },
  {
    what: 'the ticket: its row is gone',
    ...onApproved,
    tamper: (db) => void db.prepare('DELETE FROM ticket WHERE id = ?').run(approved.id),
    found: true,
  },
];

describe('after approval, whoever writes to the database gets nothing run by altering', () => {
  test.each(CASES)('[P2-5] $what', async ({ place: base, ticket, tamper, outcome, found }) => {
    await using place = copied(base());
    const before = await effects();
    withDatabase(place, (db) => tamper(db, foreignKey()));
    if (found) expect((await place.cli(['audit', 'verify'])).code).toBe(5);
    else await forgetHead(place);
    const said = await letExecutorRun(place, ticket().id, base() === approvedPlace ? other.id : variousOther.id);
    expect(await effects(), said).toBe(before);
    expect(lastOutcome(place, ticket().id), said).toBe(outcome);
  });

  const rewritten = CASES.filter(({ found, appends }) => !found && !appends);
  test.each(rewritten)('[P2-5] $what, where the log was seen before', async ({ place: base, ticket, tamper }) => {
    await using place = copied(base());
    const before = await effects();
    withDatabase(place, (db) => tamper(db, foreignKey()));
    const verified = await place.cli(['audit', 'verify']);
    expect(verified.code, verified.stdout).toBe(5);
    const said = await letExecutorRun(place, ticket().id, base() === approvedPlace ? other.id : variousOther.id);
    expect(await effects(), said).toBe(before);
    if (stateOf(place, ticket().id) === 'approved')
      expect(lastOutcome(place, ticket().id), said).toBe('log_not_continued');
  });
});

describe('what ran once does not run again', () => {
  const again = (db: Database) =>
    expect(db.prepare("UPDATE ticket SET state = 'approved' WHERE id = ?").run(ran.id).changes).toBe(1);
  test.each([
    ['its row is set back to approved', () => undefined, 'tampered'],
    [
      'its row is set back, and its outcome in the log made an approval',
      (db: Database) =>
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
    withDatabase(place, (db) => {
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
  withDatabase(place, (db) => {
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
  /^(ticket\.(n|call|claim_\w+)|residue\.\w+|entry\.\w+ of aws\.requested|tree\.(one|frontier|news|statements))\b/;

test('[P2-8] no column of any row about an approved ticket can be altered to run more than was approved', async () => {
  process.env.AWS_ACCESS_KEY_ID = 'testing';
  process.env.AWS_SECRET_ACCESS_KEY = 'testing';
  const aws = createAws({ endpoint: cloud.endpoint, region: 'eu-west-1' });
  await using sample = copied(deployPlace);
  const mutations = withDatabase(sample, (db) => mutationsAbout(db, deployment.id, TICKET_STATES));
  const tables = new Set(mutations.map(({ what }) => what.split('.')[0]));
  expect([...tables].sort()).toEqual(['entry', 'residue', 'ticket', 'tree']);
  const counts: Record<string, number> = {};
  for (const { what, alter } of mutations) {
    await using place = copied(deployPlace);
    withDatabase(place, (db) => alter(db));
    const before = await effects();
    await runHere(place, aws);
    counts[what] = (await effects()) - before;
  }
  const forbidden = Object.entries(counts).filter(([what, count]) => count > (NO_AUTHORITY.test(what) ? 1 : 0));
  expect(forbidden).toEqual([]);
  // The loop reaches the executor: what carries no authority doesn't stop it.
  expect(Object.values(counts)).toContain(1);
});

/**
 * An executor in this process, wired as the command wires it: a process for each of the many cases would take minutes.
 */
async function runHere(place: Place, aws: ReturnType<typeof createAws>): Promise<void> {
  process.env.HOLDSHORT_HOME = place.home;
  const installation = await openInstallation({});
  let failed = false;
  const write = () => {
    failed = true;
  };
  const log = pino({ level: 'error' }, { write });
  const executor = executorFor(Object.assign(Object.create(installation), { log }), aws);
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
      failed ||
      isWaiting(place, deployment.id) ||
      dealtWith(deployment.id) ||
      (dealtWith(deployOther.id) && !isClaimed(place, deployment.id)),
    (done) => done,
  );
  await executor.stop();
  await installation.close();
  delete process.env.HOLDSHORT_HOME;
}

test('[P2-9] what the companion shows comes from the same bytes', async () => {
  await using place = copied(variousPlace);
  const chat = await place.agent(['--as', 'ana'], { command: 'companion' });
  const shown = await chat.client.callTool({ name: 'approvals_show', arguments: { ticket_id: pending.id } });
  const { text } = shown.content[0] as { text: string };
  expect(text).toContain(pending.digest);
  expect(text).toContain(instances.victim);
  withDatabase(place, (db) =>
    db.prepare("UPDATE ticket SET plan = replace(plan, 'terminate', 'describe!') WHERE id = ?").run(pending.id),
  );
  const after = await chat.client.callTool({ name: 'approvals_show', arguments: { ticket_id: pending.id } });
  expect(after).toMatchObject({ isError: true, structuredContent: { refusal: { code: 'tampered' } } });
  expect(JSON.stringify(after)).not.toContain('describe!');
});
