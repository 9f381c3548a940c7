import type { Logger } from 'pino';
import { believed } from '../gate/believed.ts';
import { TicketId } from '../kernel/ticket.ts';
import type { RecheckContext } from './context.ts';
import { keptBefore } from './kept-kit.ts';
import { begunName } from './steps.ts';

const EVERY_MS = 3_600_000;
const AT_ONCE = 500;

type Context = Pick<RecheckContext, 'executed' | 'kits' | 'store' | 'toolOf'> & {
  readonly log: Pick<Logger, 'info' | 'warn'>;
};

/**
 * Removes what crashes between a kit and its intent left, at first and then every hour. A kit that is named is the only
 * way back of something: whatever can't be told for sure stays.
 * @returns looks, where it is time again
 */
export function unnamedKitsOf(context: Context): () => Promise<void> {
  const { kits, log, store } = context;
  // What was named once stays so.
  const named = new Set<string>();
  let next = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() < next) return;
    next = performance.now() + EVERY_MS;
    try {
      const parts = kits.old.removeParts();
      const old = kits.old.whole().filter((sha256) => !named.has(sha256));
      for (let at = 0; at < old.length; at += AT_ONCE)
        for (const sha256 of await store.namedKits(old.slice(at, at + AT_ONCE))) named.add(sha256);
      let whole = 0;
      for (const sha256 of old) {
        if (named.has(sha256) || !(await isNobodys(sha256, context))) continue;
        kits.old.remove(sha256);
        whole += 1;
      }
      if (whole + parts > 0) log.info({ kits: whole, parts }, 'recovery kits that no ticket names were removed');
    } catch (error) {
      log.warn({ err: error }, 'recovery kits that no ticket names could not be removed; it is tried again');
    }
  };
}

/**
 * A ticket has one kit at most. The log alone isn't enough: where the database was put back from a backup, or an entry
 * was taken out of it, it doesn't name the kits of what ran. So what ran here, as the folder with the keys has it, or
 * what isn't known of at all, keeps its kit unless the log names another for it.
 */
async function isNobodys(sha256: string, { kits, store, executed, toolOf }: Context): Promise<boolean> {
  const id = TicketId.safeParse(await kits.ticketOf(sha256)).data;
  const stored = id && (await store.ticket(id).catch(() => undefined));
  if (!stored?.plan) return false;
  try {
    const { kit, plan } = believed(stored);
    if (kit) return kit.sha256 !== sha256;
    const tool = toolOf(plan.tool)?.tool;
    return tool !== undefined && !executed.has(begunName(plan.ticket, keptBefore({ plan, tool })));
  } catch {
    // Altered: what it says of its kit is no reason to remove one.
    return false;
  }
}
