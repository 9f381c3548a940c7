import { HoldshortError, type Refusal, type RefusalCode, refusalOf } from '../kernel/errors.ts';
import { Kit } from '../kernel/kit.ts';
import { filled } from '../kernel/made-part.ts';
import type { Kept } from '../kernel/undo.ts';
import type { Claim } from '../store/port.ts';
import type { RecheckContext } from './context.ts';
import type { Go, Recheck } from './recheck.ts';
import { isMade } from './steps.ts';

/** How long it may take to read what a kit is made from. */
const KEEPING_MS = 10 * 60_000;

/** What no waiting mends. */
const LASTING: ReadonlySet<RefusalCode> = new Set(['not_found', 'invalid_input', 'wrong_state', 'internal']);

/** What is kept of a change that may begin. */
export interface KeptKit {
  /** Undefined where the plan promises no way back, or it is kept before another of its requests. */
  readonly kept: Kept | undefined;
  /**
   * The intent that is being written names it: from here on it stays, whatever becomes of that.
   * @throws store_unavailable where it is gone: a process that was stopped for days finds it removed
   */
  used<T>(name: () => T): T;
  /** Removes what nothing names. */
  close(): void;
}

/** Of the plan's steps, the one before which it is kept: the first that does more than make what the kit names. */
export function keptBefore({ plan, tool }: Pick<Go, 'plan' | 'tool'>): number {
  let step = 1;
  while (isMade(tool, plan, step)) step += 1;
  return step;
}

/**
 * Keeps what it takes to bring back what the plan changes, where people were told that there is a way back: without it
 * nothing is sent.
 * @param made what the steps before it made
 */
export async function keptKit(
  go: Pick<Go, 'plan' | 'tool'>,
  context: RecheckContext,
  step = 1,
  made: readonly string[] = [],
): Promise<KeptKit | { readonly lasts: boolean; readonly refusal: Refusal }> {
  const { plan } = go;
  if (!plan.undo || step !== keptBefore(go)) return { kept: undefined, used: (name) => name(), close: () => {} };
  try {
    const kept = await context.kits.keep(await kitOf(go, made, context));
    let used = false;
    return {
      kept,
      used: (name) => {
        context.kits.hold(kept);
        used = true;
        return name();
      },
      close: () => {
        if (!used) context.kits.drop(kept);
      },
    };
  } catch (error) {
    if (!(error instanceof HoldshortError)) throw error;
    const refusal = refusalOf(error);
    const lasts = LASTING.has(refusal.code);
    return { lasts, refusal: { ...refusal, message: `its recovery kit can not be made: ${refusal.message}` } };
  }
}

async function kitOf(
  { plan, tool }: Pick<Go, 'plan' | 'tool'>,
  made: readonly string[],
  { awsOf, store, toolOf }: RecheckContext,
): Promise<Kit> {
  const aws = await awsOf(plan.account);
  const keepers = await aws.keepers(plan.region, AbortSignal.timeout(KEEPING_MS));
  const { calls, as_it_was } = (await tool.keep?.(plan, keepers, made)) ?? { calls: [], as_it_was: null };
  const told = plan.undo?.by ?? [];
  // What can't be asked for again is found out while it can still be read.
  const untrue = calls.length === told.length ? calls.find(({ tool: name }, at) => name !== told[at]) : calls[0];
  if (calls.length === 0 || untrue) {
    const message = `what ${plan.tool} would keep is not what people were told`;
    throw new HoldshortError('internal', message, 'report this as a defect, and let a person do it by hand');
  }
  for (const call of calls) {
    const { tool: name } = call;
    const parsed = toolOf(name)?.tool.input.safeParse({
      ...filled(call, ({ like }) => like),
      reason: 'it is brought back',
    });
    if (parsed?.success) continue;
    const [issue] = parsed?.error.issues ?? [];
    const where = issue?.path.slice(0, 2).map(String).join('.') ?? 'its arguments';
    throw new HoldshortError(
      'invalid_input',
      `${name} would not take ${where} as it is: it ${issue?.message ?? 'is there no more'}`,
      'let a person do it by hand, after a look at that',
    );
  }
  const kit = {
    format: 'holdshort/kit/v1',
    ticket: plan.ticket,
    tool: plan.tool,
    account: plan.account,
    region: plan.region,
    made_at: await store.now(),
    calls: [...calls],
    as_it_was,
  } satisfies Kit;
  // A part that needs what a later one makes could never be asked for.
  const parsed = Kit.safeParse(kit);
  if (parsed.success) return parsed.data;
  const message = `its parts do not hang together: ${parsed.error.issues[0]?.message}`;
  throw new HoldshortError('internal', message, 'report this as a defect, and let a person do it by hand');
}

/** Nothing is destroyed without its kit: it waits for one, or ends here. */
export async function withoutKit(
  { lasts, refusal }: { readonly lasts: boolean; readonly refusal: Refusal },
  claim: Claim,
  store: RecheckContext['store'],
): Promise<Exclude<Recheck, Go>> {
  if (!lasts) return { kind: 'wait', refusal };
  await store.stop(claim, 'stale', refusal);
  return { kind: 'stop', to: 'stale', refusal };
}
