import { type Notifier, startNotifier } from '../notify/notifier.ts';
import type { House } from './house.ts';

/** Tells people, in a process that executes; undefined where the configuration names nobody. */
export function notifierFor({ config, store, log, reviewUrl, command }: House): Notifier | undefined {
  const { recipients } = config;
  return recipients.length === 0
    ? undefined
    : startNotifier({ store: store.forNotifier(), recipients, reviewUrl, command, log });
}
