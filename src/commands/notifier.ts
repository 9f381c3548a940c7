import { type Notifier, startNotifier } from '../notify/notifier.ts';
import { besideOf } from '../server/beside.ts';
import type { House } from './house.ts';
import { enrolledHere } from './operator.ts';

/** Tells people, in a process that executes; undefined where the configuration names nobody. */
export function notifierFor(house: House): Notifier | undefined {
  const { config, log, reviewUrl, command, policy, rules } = house;
  const { recipients } = config;
  if (recipients.length === 0) return undefined;
  const store = house.store.forApprover();
  const enrolled = enrolledHere(house, store);
  const context = { enrolled, policy, rules, store, reviewUrl, log };
  return startNotifier({
    store: house.store.forNotifier(),
    recipients,
    reviewUrl,
    enrolled,
    shortage: async (ticket) => (await besideOf(context, ticket)).shortage,
    command,
    log,
  });
}
