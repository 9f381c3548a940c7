import { randomBytes } from 'node:crypto';
import { sealPlan } from '../../src/kernel/plan.ts';
import { ticketIdFrom } from '../../src/kernel/ticket.ts';
import type { Opening } from '../../src/store/port.ts';
import { REASON } from '../scenes/front-door.ts';
import { UNWEIGHED } from '../scenes/openings.ts';

/** A ticket of a plan of usual size, each with a call of its own. */
export function newOpening(agent: string): Opening {
  const id = ticketIdFrom(randomBytes(20));
  const draft = {
    agent,
    operator: 'ops',
    session: 'ses_bench',
    tool: 'ec2_terminate_instances',
    region: 'eu-west-1',
    reason: REASON,
    created_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const impact = Array.from({ length: 5 }, (_, index) => ({
    resource: `i-${index}`,
    type: 'AWS::EC2::Instance',
    effect: 'delete' as const,
    detail: 'is terminated',
    recoverable: false,
  }));
  const plan = sealPlan({
    format: 'holdshort/plan/v1',
    ticket: id,
    tool_schema: 'a'.repeat(64),
    arguments: { instance_ids: impact.map((line) => line.resource) },
    account: '123456789012',
    caller_arn: 'arn:aws:iam::123456789012:user/bench',
    environment: 'production',
    summary: 'terminate 5 instances',
    targets: impact.map((line) => ({ id: line.resource, name: line.resource, type: line.type, tags: {} })),
    effects: ['delete'],
    impact,
    guard: { states: ['running'] },
    circumstances: { asked: { destructive_last_hour: 0, pending: 0 } },
    policy: 'b'.repeat(64),
    requirement: { approvals: 1, assurance: 'key', operator_may_approve: false },
    software: 'holdshort/bench',
    ...draft,
  });
  return {
    id,
    draft,
    plan,
    call: randomBytes(32).toString('hex'),
    state: 'pending',
    environment: 'production',
    grounds: UNWEIGHED,
    detail: { effects: ['delete'] },
  };
}
