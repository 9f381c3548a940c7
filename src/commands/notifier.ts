import { type Notifier, startNotifier } from '../notify/notifier.ts';
import { besideOf } from '../server/beside.ts';
import type { Installation } from './installation.ts';
import { enrolledHere } from './operator.ts';

/** Tells people, in a process that executes; undefined where the configuration names nobody. */
export function notifierFor(installation: Installation): Notifier | undefined {
  const { config, log, reviewUrl, command, policy, rules } = installation;
  const { recipients } = config;
  if (recipients.length === 0) return undefined;
  const store = installation.store.forApprover();
  const enrolled = enrolledHere(installation, store);
  const context = { enrolled, policy, rules, store, reviewUrl, log };
  return startNotifier({
    store: installation.store.forNotifier(),
    recipients,
    reviewUrl,
    enrolled,
    shortage: async (ticket) => (await besideOf(context, ticket)).shortage,
    command,
    log,
  });
}
