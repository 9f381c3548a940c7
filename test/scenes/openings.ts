import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { TicketDraft } from '../../src/kernel/draft.ts';
import { callDigest, type PlanRecord, sealPlan } from '../../src/kernel/plan.ts';
import { keyIdOf, type Signed, type Statement, signStatement } from '../../src/kernel/statement.ts';
import { type TicketId, ticketIdFrom } from '../../src/kernel/ticket.ts';
import type { Claim, Grounds, Opening, StoredTicket } from '../../src/store/port.ts';

export const newId = (): TicketId => ticketIdFrom(randomBytes(20));

export function draftOf(now: number, changes: Partial<TicketDraft> = {}): TicketDraft {
  return {
    agent: 'claude',
    operator: 'ann',
    session: 's1',
    tool: 'ec2_stop_instances',
    region: 'eu-west-1',
    reason: 'the instance is not needed at night',
    created_at: new Date(now).toISOString(),
    expires_at: new Date(now + 3_600_000).toISOString(),
    ...changes,
  };
}

/** An opening whose call is its own, unless `call` is given. */
export function openingOf(
  now: number,
  {
    draft: changes,
    call,
    plan: planned,
    ...rest
  }: { draft?: Partial<TicketDraft>; plan?: Partial<PlanRecord> } & Partial<
    Pick<Opening, 'id' | 'state' | 'call' | 'refusal'>
  > = {},
): Opening {
  const id = rest.id ?? newId();
  const draft = draftOf(now, changes);
  const plan = sealPlan({
    format: 'holdshort/plan/v1',
    ticket: id,
    ...draft,
    tool_schema: 'schema',
    arguments: { instance_ids: ['i-0123456789abcdef0'] },
    account: '123456789012',
    caller_arn: 'arn:aws:iam::123456789012:role/reader',
    environment: 'production',
    summary: 'stop 1 instance',
    targets: [],
    effects: ['disrupt', 'modify'],
    impact: (['disrupt', 'modify'] as const).map((effect) => ({
      resource: 'i-0123456789abcdef0',
      type: 'AWS::EC2::Instance',
      effect,
      detail: 'it stops',
      recoverable: true,
    })),
    guard: {},
    circumstances: { asked: { destructive_last_hour: 0, pending: 0 } },
    policy: 'policy',
    requirement: { approvals: 1, assurance: 'key', operator_may_approve: false },
    software: '0.1.0',
    ...planned,
  });
  return {
    id,
    draft,
    plan,
    call:
      call ??
      callDigest({
        agent: draft.agent,
        operator: draft.operator,
        tool: draft.tool,
        account: '1',
        region: draft.region,
        arguments: { id },
        guard: {},
      }),
    state: 'pending',
    environment: 'production',
    detail: { summary: 'stop 1 instance' },
    grounds: UNWEIGHED,
    ...rest,
  };
}

const nothing = { account: '1', region: 'eu-west-1', arguments: {}, targets: [], effects: [], impact: [] };

/** For tickets that nobody weighed: whatever the store holds is no news. */
export const UNWEIGHED: Grounds = {
  news: Number.MAX_SAFE_INTEGER,
  subject: { ...nothing, agent: 'claude', tool: 'ec2_stop_instances', created_at: '2026-01-02T03:04:05.000Z' },
  asked: { destructive_last_hour: 0, pending: 0 },
  unsettled: [],
};

export interface Person {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly publicKey: string;
  readonly keyId: string;
}

export function person(name: string): Person {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return { name, privateKey, publicKey: spki, keyId: keyIdOf(spki) };
}

type Body<S> = S extends Statement ? Omit<S, 'nonce' | 'signed_at' | 'key' | 'by'> : never;

export function signed(by: Person, body: Body<Statement>): Signed {
  const common = {
    nonce: randomBytes(16).toString('hex'),
    signed_at: '2026-01-02T03:04:05.000Z',
    key: by.keyId,
    by: by.name,
  };
  return signStatement({ ...body, ...common } as Statement, by.privateKey);
}

export function decision(
  by: Person,
  ticket: StoredTicket,
  verdict: 'approve' | 'deny' | 'withdraw',
  more = {},
): Signed {
  return signed(by, {
    kind: 'decision',
    ticket: ticket.id,
    digest: ticket.plan!.digest,
    decision: verdict,
    assurance: 'key',
    expires_at: ticket.draft.expires_at,
    ...more,
  });
}

export const intentOf = (claim: Claim, at: string) => ({
  token: `holdshort-${claim.ticket.slice(4)}`,
  intended_at: at,
});
