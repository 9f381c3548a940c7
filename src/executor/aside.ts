import { loginsWith } from '../kernel/login.ts';
import type { RecheckContext } from './context.ts';
import type { Slots } from './slots.ts';

export type Aside = Parameters<Parameters<Slots['in']>[0]>[0];

/**
 * Asks the issuer of logins aside: one that takes requests and answers none would keep every place from which something
 * is sent, and with it those tickets that need no login.
 */
export function askingAside(context: RecheckContext, aside: Aside): RecheckContext {
  const logins: RecheckContext['logins'] = (decisions) =>
    loginsWith(decisions).length > 0 ? aside(() => context.logins(decisions)) : context.logins(decisions);
  return { ...context, logins };
}
