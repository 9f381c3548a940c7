import type { Attempt } from '../../tools/define.ts';
import { weigh } from '../gate/believed.ts';
import { HoldshortError, type Refusal } from '../kernel/errors.ts';
import { type Aside, askingAside } from './aside.ts';
import { keptKit } from './kept-kit.ts';
import { LEASE_MS } from './leases.ts';
import type { Result, Sent } from './outcome.ts';
import { gate } from './recheck.ts';
import { intentOf, newAttempt, type Run, wireOf } from './run.ts';
import { send } from './send.ts';
import { sendingAs } from './sending-as.ts';
import { endsAt, isMade, nextOf, recheckStep } from './steps.ts';

export interface Begun {
  readonly run: Run;
  readonly attempt: Attempt;
  readonly sent: Sent;
}

interface Ended {
  readonly refusal: Refusal;
}

/**
 * Begins and sends the next step. Undefined: the executor is stopping, and another one goes on.
 * @param last the step before, which is proven done; `result` is what AWS showed of it
 * @returns what ends the ticket here, if anything does
 * @throws HoldshortError for what passes by itself (AWS or credentials out of reach, a policy that can't be read): it
 *   is tried again
 */
export async function nextStep(
  before: Run,
  last: Attempt,
  result: Result,
  aside: Aside,
): Promise<Begun | Ended | undefined> {
  const { attendance, context } = before;
  const { claim, stopping } = attendance;
  const { store } = context;
  const asking = askingAside(context, aside);
  const step = nextOf(last);
  const made = madeBy(before, last, result);
  if ('refusal' in made) return made;
  const checked = await weigh(await store.ticket(claim.ticket), (ticket) =>
    recheckStep(ticket, last, made.all, asking),
  );
  if (checked.kind !== 'go') return { refusal: endsAt(checked) };
  // What is sent is the plan that was just believed: the database may have had other bytes for the one that was
  // observed.
  const { plan, tool } = checked;
  // What was known of the one before from another process is nothing that is known of this one.
  const run = { attendance, context, plan, tool, heldUp: false };
  const aws = await context.awsOf(plan.account);
  const sender = await aws.sender(plan.region, sendingAs(checked, step));
  const kit = await keptKit(checked, context, step, made.all);
  if ('refusal' in kit) {
    const { code, message, recovery } = kit.refusal;
    if (kit.lasts) return { refusal: kit.refusal };
    throw new HoldshortError(code, message, recovery);
  }
  try {
    // Reading AWS and signing in took time: a denial, halt or policy edit in between must still win.
    const again = await weigh(await store.ticket(claim.ticket), (ticket) => gate(ticket, tool, asking, 'next_step'));
    if (again.kind !== 'go') return { refusal: endsAt(again) };
    if (stopping.aborted) return undefined;
    const attempt = {
      ...(await newAttempt(context, sender, step)),
      ...(made.all.length > 0 ? { made: made.all } : {}),
      ...(kit.kept && { kit: kit.kept }),
    };
    const begin = async (intent: Attempt) =>
      await kit.used(() =>
        store.beginStep(claim, { ...intent, step }, again.weighed, intentOf(again, intent), LEASE_MS),
      );
    return { run, ...(await send({ ...wireOf(run, attempt), ports: sender.ports, begin })) };
  } finally {
    kit.close();
  }
}

/**
 * What the steps so far made. One of which AWS doesn't show just as many things as it makes is not `succeeded`
 * (`outcomeOf`): nothing follows it.
 */
function madeBy(
  { tool, plan }: Run,
  last: Attempt,
  { resources }: Result,
): { readonly all: readonly string[] } | Ended {
  const before = last.made ?? [];
  if (!isMade(tool, plan, last.step)) return { all: before };
  const there = resources.flatMap(({ resource, outcome }) =>
    outcome === 'succeeded' && typeof resource === 'string' ? [resource] : [],
  );
  if (there.length === (tool.several?.count?.(plan, last.step ?? 1) ?? 1)) return { all: [...before, ...there] };
  return {
    refusal: {
      code: 'internal',
      message: `its step ${last.step ?? 1} counts as done, and AWS does not show just what it made`,
      recovery: 'report this as a defect; let a person look at what is there',
    },
  };
}
