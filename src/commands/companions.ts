import { ASKED_MS } from '../../approvals/companion/inquiries.ts';
import { chatKeysOf } from '../../approvals/keys/chat-keys.ts';
import { createBudget } from '../../approvals/record/unproven.ts';
import { sealsOf } from '../../approvals/seals.ts';
import type { CompanionsContext } from '../../approvals/server.ts';
import { briefly } from '../server/brief.ts';
import { CARD } from './companion.ts';
import { deskOf } from './desk.ts';
import { type Installation, SOFTWARE } from './installation.ts';

/** What people's companions on a hub are given. */
export function companionsContextOf(installation: Installation): CompanionsContext {
  const desk = deskOf(installation);
  const monotonic = () => performance.now();
  const key = installation.companionKey;
  return {
    ...desk,
    keys: chatKeysOf(key),
    seals: sealsOf({ key, purpose: 'chat', lastsMs: ASKED_MS, now: () => desk.store.now(), monotonic }),
    software: SOFTWARE,
    card: CARD,
    unproven: createBudget(monotonic),
    problem: ({ message }) => installation.log.warn({ why: briefly(message, 400) }, "a person's chat client"),
  };
}
