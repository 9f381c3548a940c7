import { ticketsList } from '../../approvals/cli/tickets.ts';
import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { readPinned } from '../../approvals/keys/pinned.ts';
import { signedAt } from '../../approvals/record/record-statement.ts';
import type { RecheckContext } from '../../src/executor/context.ts';
import { gate } from '../../src/executor/recheck.ts';
import { weigh } from '../../src/gate/believed.ts';
import type { Signed, StatementOf } from '../../src/kernel/statement.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { type Installation, openInstallation, signedWith } from '../scenes/installation.ts';

/** Two people by rule, or noa alone; mara, for whom the agent works, too. */
export const NAMES_NOA = `
permit (principal, action, resource) when { context.approvals.without_operator.presence >= 2 };
@id("break-glass")
permit (principal, action in Action::"change", resource == Environment::"production")
when { context.break_glass.key.containsAny(["noa", "mara"]) };
`;
export const MINUTE = 60_000;
export const REASON = 'checkout is down, and nobody else answers';

export const alone = (ticket: StoredTicket, reason: string | undefined = REASON) => ({
  yes: true,
  digest: ticket.plan?.digest,
  breakGlass: true,
  reason,
});
export const yes = (ticket: StoredTicket) => ({ yes: true, digest: ticket.plan?.digest });
export const stored = (installation: Installation, { id }: StoredTicket) => installation.store.forApprover().ticket(id);
export const listed = async (installation: Installation, state?: string) =>
  (await ticketsList(installation.context('noa'), state ? { state } : {})).text.replaceAll(/\s+/g, ' ');

export async function opened(policy = NAMES_NOA, rules?: Parameters<typeof openInstallation>[0]) {
  const installation = await openInstallation({ policy, ...rules });
  await installation.enroll('noa', 'ida', 'mara');
  return { installation, ticket: await installation.openTicket() };
}

/** What the executor makes of it right now. */
export async function gated(installation: Installation, ticket: StoredTicket) {
  const { rules, policy, makers, logins } = installation.context('noa');
  const context = {
    store: installation.store.forExecutor('x'),
    rules,
    policy,
    makers,
    logins,
    pinned: () => readPinned(installation.keysDir),
  };
  return weigh(await stored(installation, ticket), (now) =>
    gate(now, undefined as never, context as unknown as RecheckContext),
  );
}

export async function signer(installation: Installation, name: string) {
  return unlockKey(readKey(installation.keysDir, name, 'key')!, async () => '');
}

/** A decision as someone signs it by hand, put where the desk would never put it. */
export async function inserted(
  installation: Installation,
  ticket: StoredTicket,
  name: string,
  more: Partial<StatementOf<'decision'>>,
) {
  const by = await signer(installation, name);
  const now = signedAt(by, installation.context('noa').now().toISOString());
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

export async function insert(installation: Installation, ticket: StoredTicket, signed: Signed) {
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
