import type { Context } from 'hono';
import type { Page, Share } from './context.ts';

/*
 * What is taken of what this process does at once. The attacker is an agent, which has its tickets' addresses: whatever
 * it does with them, the list, which it has no address of, and the answers of people, whose seals it has not, go on.
 */

interface Taken {
  readonly share: Share;
  readonly subject: string;
}

export function shareOfLook(subject: string): Taken {
  return { share: subject === 'installation' ? 'list' : 'look', subject };
}

/** By its seal where it brings one of ours: only whose browser was given that can use it up. */
export function shareOfPost({ seals, loginSeals }: Page, body: object, subject: string): Taken {
  const sealed = 'question' in body ? body.question : 'held' in body ? body.held : undefined;
  const ours = typeof sealed === 'string' && (seals.isOurs(sealed) || loginSeals.isOurs(sealed));
  if (ours) return { share: 'answer', subject: sealed.slice(0, sealed.indexOf('.')) };
  return { share: subject === 'installation' ? 'list' : 'ask', subject };
}

/**
 * Who has the address of one ticket, as its agent does, and asks without end keeps nobody from the others. Without an
 * address that opens something nothing is read of the store, so that nothing is counted.
 */
export async function within(
  page: Page,
  c: Context,
  { share, subject }: Taken,
  work: () => Promise<Response>,
): Promise<Response> {
  const entered = page.enter?.(share, subject);
  if (typeof entered === 'object')
    return c.text('Too much at once; load it again in a moment.\n', entered.status, {
      'retry-after': String(entered.retryAfter),
    });
  try {
    return await work();
  } finally {
    entered?.();
  }
}
