import type { Attempt, ChangeTool } from '../../tools/define.ts';
import type { Believed } from '../audit/believe.ts';
import { tampered } from '../gate/tampered.ts';
import { stale, whyNot } from '../gate/verdict.ts';
import { HoldshortError, type Refusal } from '../kernel/errors.ts';
import { actionOfStep, type PlanRecord } from '../kernel/plan.ts';
import type { RecheckContext } from './context.ts';
import { gate, planAgain, RECHECK_MS, type Recheck } from './recheck.ts';
import { otherAccount } from './refusals.ts';

const LOOK_THERE = 'look at what is there now';

/** The name of a request in the list of what was begun here: the ticket, and for further steps the number. */
export function begunName(ticket: string, step = 1): string {
  return step > 1 ? `${ticket} step ${step}` : ticket;
}

/** The number of the step after that one. */
export function nextOf({ step = 1 }: Pick<Attempt, 'step'>): number {
  return step + 1;
}

/** The IAM action of a step; undefined where the change is one request. */
export function stepAction({ steps }: PlanRecord, step = 1): string | undefined {
  const one = steps?.[step - 1];
  return one && actionOfStep(one);
}

/** Does it only make something, of which the way back is? Nothing that the plan is about is another after it. */
export function isMade({ several }: Pick<ChangeTool, 'several'>, { steps }: PlanRecord, step = 1): boolean {
  const tool = steps?.[step - 1]?.tool;
  return tool !== undefined && several?.makes?.includes(tool) === true;
}

/**
 * Everything that must hold before a further step: all that `recheck` asks before the first, except that the world
 * isn't as it was planned, but has to be as the steps before this one leave it. The attackers are the same, and anyone
 * who puts back a copy of the database from between two steps, makes up that a step before ran (with the token of
 * something that is there) or what it made, or takes out that the ticket ended.
 * @param last the intent of the step before, as it was observed
 * @param made what those before it made
 */
export async function recheckStep(
  ticket: Believed,
  last: Attempt,
  made: readonly string[],
  context: RecheckContext,
): Promise<Recheck> {
  const { plan } = ticket;
  const { executed } = context;
  const step = nextOf(last);
  try {
    if (executed.has(begunName(ticket.id, step))) throw tampered(ticket, `its step ${step} ran here before`);
    if (executed.hasEnded(ticket.id))
      return stale(`it ended here after its step ${step - 1}, whatever the database says`, LOOK_THERE);
    // Without this nothing ties the step before to what was approved: nobody signs what executors write.
    if (!executed.hasAs(begunName(ticket.id, step - 1), last))
      return stale(
        `this machine did not begin its step ${step - 1} as the log has it: another one did, or nobody`,
        'run `holdshort audit verify`, and look at what is there now',
      );
    if (Date.parse(await context.store.now()) >= Date.parse(plan.expires_at)) return { kind: 'expired' };
    const known = context.toolOf(plan.tool);
    if (known?.schema !== plan.tool_schema || !known.tool.several)
      return stale(`${plan.tool} is not the version that made this plan`, LOOK_THERE);
    const gated = await gate(ticket, known.tool, context, 'next_step');
    if (gated.kind !== 'go') return gated;
    const aws = await context.awsOf(plan.account);
    const readers = await aws.readers(plan.region, AbortSignal.timeout(RECHECK_MS));
    if (readers.caller.account !== plan.account) throw otherAccount(plan.account, readers.caller.account);
    const differs =
      (await known.tool.several.differs(plan, readers, step, made)) ??
      (isMade(known.tool, plan, step - 1)
        ? (await planAgain(plan, known.tool, readers, await context.rules())).differs
        : undefined);
    if (differs === undefined) return gated;
    return stale(`AWS is not as the steps before left it: ${differs}`, LOOK_THERE);
  } catch (error) {
    return whyNot(error);
  }
}

/**
 * Why nothing more is sent. A halt is a person's word, so it ends what is under way, too: lifting it doesn't make half
 * a change go on by itself.
 * @throws HoldshortError for what passes by itself
 */
export function endsAt(checked: Exclude<Recheck, { readonly kind: 'go' }>): Refusal {
  switch (checked.kind) {
    case 'stop':
      return checked.refusal;
    case 'expired':
      return { code: 'expired', message: 'its time was over', recovery: LOOK_THERE };
    case 'wait': {
      const { code, message, recovery } = checked.refusal;
      if (code === 'halted') return checked.refusal;
      throw new HoldshortError(code, message, recovery);
    }
    default:
      return checked satisfies never;
  }
}
