import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import type { Signer } from '../../approvals/keys/keys.ts';
import type { Makers } from '../../src/kernel/attestation.ts';
import { effectsOf } from '../../src/kernel/effects.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import type { Impact, PlanRecord } from '../../src/kernel/plan.ts';
import { sealPlan } from '../../src/kernel/plan.ts';
import type { Rules } from '../../src/kernel/rules.ts';
import { type Signed, type Statement, statementText } from '../../src/kernel/statement.ts';
import { ticketIdFrom } from '../../src/kernel/ticket.ts';
import { questionOf } from '../../src/policy/question.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { type Answer, terminalOf } from './answers.ts';
import { KEY_IN_PRODUCTION } from './front-door.ts';
import { NO_LOGINS } from './logins.ts';
import { UNWEIGHED } from './openings.ts';
import { testPolicy } from './policy.ts';
import { AS_PLANNED } from './rules.ts';

/**
 * A real store, policy and key folder in a folder of its own. People have key files here, so production takes those
 * unless said otherwise.
 */
export async function openInstallation(
  options: { policy?: string; rules?: Partial<Rules>; recipients?: readonly string[]; makers?: Makers } = {},
) {
  const rules: Rules = { ...AS_PLANNED, ...options.rules };
  const home = mkdtempSync(join(tmpdir(), 'holdshort-approvals-'));
  const file = join(home, 'holdshort.db');
  const keysDir = join(home, 'keys');
  let now = Date.now();
  const clock = () => now;
  mkdirSync(keysDir, { mode: 0o700 });
  const store = openSqliteStore({
    file,
    clock,
    head: join(keysDir, 'head.db'),
    recipients: () => options.recipients ?? [],
  });
  onTestFinished(async () => {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  });
  const policy = await testPolicy(options.policy ?? KEY_IN_PRODUCTION);
  const context = (osUser: string, answers?: readonly Answer[], env: Record<string, string> = {}) => ({
    store: store.forApprover(),
    policy: async () => policy,
    rules: async () => rules,
    makers: async () => options.makers ?? [],
    ...NO_LOGINS,
    keysDir,
    now: () => new Date(now),
    osUser,
    env,
    terminal: terminalOf(answers),
  });
  const enroll = async (...names: readonly string[]) => {
    for (const name of names) await approversEnroll(context(names[0] ?? name), name, { passphrase: false });
  };
  const openTicket = async (parts: Partial<PlanRecord> = {}) => {
    const plan = planOf(parts, now);
    const asked = policy.requirement(questionOf(plan, AS_PLANNED, plan.created_at));
    const sealed = sealPlan({ ...plan, requirement: parts.requirement ?? asked ?? plan.requirement });
    const { agent, operator, session, tool, region, reason, created_at, expires_at } = plan;
    const { ticket } = await store.forAgent({ agent, operator, session }).openTicket({
      id: plan.ticket,
      draft: { agent, operator, session, tool, region, reason, created_at, expires_at },
      plan: sealed,
      call: randomBytes(32).toString('hex'),
      state: asked?.approvals === 0 && !parts.requirement ? 'approved' : 'pending',
      environment: plan.environment,
      detail: {},
      grounds: UNWEIGHED,
    });
    return ticket;
  };
  const events = async () => {
    const entries = await store.forAudit().entries(1, 5000);
    return entries.map(
      ({ text: entry }) => JSON.parse(entry) as { type: string; actor: string; detail: Record<string, unknown> },
    );
  };
  return {
    home,
    file,
    keysDir,
    store,
    policy,
    context,
    enroll,
    openTicket,
    events,
    tick: (ms: number) => {
      now += ms;
    },
    /** To the time of processes that wrote by their own clock in the meantime. */
    catchUp: () => {
      now = Math.max(now, Date.now());
    },
  };
}

export type Installation = Awaited<ReturnType<typeof openInstallation>>;

export function impactOf(effect: Impact['effect'], resource: string, more: Partial<Impact> = {}): Impact {
  return { resource, type: 'AWS::EC2::Instance', effect, detail: '', recoverable: false, ...more };
}

export const STACK_ARN =
  'arn:aws:cloudformation:eu-west-1:123456789012:stack/payments-production/6f3c2e10-8a1b-11ef-9abc-0a1b2c3d4e5f';

function planOf(parts: Partial<PlanRecord>, now: number): PlanRecord {
  const impact = parts.impact ?? [
    impactOf('delete', 'payments-orders', {
      type: 'AWS::RDS::DBInstance',
      detail: 'the database and its automated backups are gone',
    }),
    impactOf('delete', 'i-0abc1234def567890', { detail: 'its instance store is lost' }),
    impactOf('delete', 'payments-jobs', { type: 'AWS::SQS::Queue', recoverable: true, detail: '12 messages are lost' }),
  ];
  return {
    format: 'holdshort/plan/v1',
    ticket: ticketIdFrom(randomBytes(20)),
    created_at: new Date(now).toISOString(),
    expires_at: new Date(now + 4 * 3_600_000).toISOString(),
    agent: 'claude',
    operator: 'mara',
    session: 'ses_1',
    tool: 'cloudformation_delete_stack',
    tool_schema: 'a'.repeat(64),
    arguments: { stack_name: 'payments-production', retain_resources: [] },
    account: '123456789012',
    region: 'eu-west-1',
    caller_arn: 'arn:aws:sts::123456789012:assumed-role/holdshort-read/session',
    environment: 'production',
    summary: 'Delete the stack payments-production and its 3 resources',
    targets: [
      { id: STACK_ARN, type: 'AWS::CloudFormation::Stack', name: 'payments-production', tags: { env: 'production' } },
    ],
    guard: { stack_status: 'UPDATE_COMPLETE' },
    circumstances: { asked: { destructive_last_hour: 0, pending: 0 } },
    policy: 'b'.repeat(64),
    requirement: { approvals: 1, assurance: 'key', operator_may_approve: false },
    reason: 'The stack drifted and an update fails, so I will delete it and create it again from the template.',
    software: 'holdshort/0.1.0',
    ...parts,
    impact,
    effects: [...(parts.effects ?? effectsOf(impact))],
  };
}

/** A statement signed as it is, past everything that would refuse to make it. */
export async function signedWith(signer: Signer, statement: Statement): Promise<Signed> {
  const text = statementText(statement);
  return { statement: text, signature: await signer.sign(text) };
}

/** The code with which this is refused. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => expect.fail('this should have been refused'),
    (reason: unknown) => reason,
  );
  if (error instanceof HoldshortError) {
    expect(error.recovery).not.toBe('');
    return error.code;
  }
  throw error;
}
