import type { Planned, Readers } from '../../tools/define.ts';
import type { Json } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { ServerContext } from './context.ts';

/**
 * An agent that was told no and asks again and again wears people down until somebody says yes. For an hour, the same call gets the same
 * no without anybody being asked, under whatever name it comes. Throws `denied`.
 */
export async function refuseDenied(
  { store }: ServerContext,
  tool: string,
  stored: { readonly [key: string]: Json },
  { targets }: Planned,
  { caller }: Readers,
): Promise<void> {
  const { account, region } = caller;
  const asked = { tool, account, region, arguments: stored, targets: targets.map(({ id }) => id) };
  const denial = await store.deniedBefore(asked);
  if (!denial) return;
  throw new HoldshortError(
    'denied',
    `the same was ${denial.refusal.message} (${denial.ticket}, ${denial.at})`,
    `talk to the person who denied it, or propose something else; the same can be asked for again after ${denial.until}`,
  );
}
