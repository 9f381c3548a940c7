import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Believed, judge } from '../audit/believe.ts';
import type { Registry } from '../kernel/approvers.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { NotifierStore, StoredNotice } from '../store/port.ts';
import { showOnDesktop } from './desktop.ts';
import { type Message, messageOf, type Shortage } from './message.ts';
import type { Recipient } from './recipient.ts';
import { sendWebhook } from './send.ts';
import { statementMessageOf } from './statement-message.ts';

/** Pauses before a notice is sent again; the last one repeats until a day is over. */
const RETRY_MS = [5_000, 30_000, 120_000, 300_000, 900_000, 1_800_000, 3_600_000] as const;
const ROUND_MS = 1_000;
const OVERDUE_EVERY_MS = 60_000;
const TIMEOUT_MS = 10_000;
/** What nobody saw for so long isn't news on a screen any more. */
const DESKTOP_NEWS_MS = 10 * 60_000;

export interface NotifierOptions {
  readonly store: NotifierStore;
  readonly recipients: readonly Recipient[];
  /** Where a ticket can be looked at, where such a place is configured. */
  readonly reviewUrl?: ((ticket: string) => string | undefined) | undefined;
  /** Who may decide now; without it no statement is told as true. @throws HoldshortError where that can't be told */
  readonly enrolled?: (() => Promise<Registry>) | undefined;
  /**
   * Why nobody who is enrolled could let a ticket run as things are; undefined where someone could, or nobody can tell.
   */
  readonly shortage?: ((ticket: Believed) => Promise<Shortage | undefined>) | undefined;
  /** How this program was started, for the commands that people are told to run. */
  readonly command?: string | undefined;
  readonly log: Pick<Logger, 'warn' | 'error'>;
  readonly timeoutMs?: number | undefined;
  readonly retryMs?: readonly number[] | undefined;
}

export interface Notifier {
  /** Ends what is being sent; it is sent again by the process that comes next. */
  stop(): Promise<void>;
}

/**
 * Empties the outbox: sends each recipient its notices, one at a time and in order, beside everything else that this
 * process does. Any number of processes may do so on one store; one that dies holds a notice up for some seconds, and
 * then it is sent again with its id.
 */
export function startNotifier(options: NotifierOptions): Notifier {
  const { store, log, timeoutMs = TIMEOUT_MS, retryMs = RETRY_MS } = options;
  const recipients = new Map(options.recipients.map((recipient) => [recipient.id, recipient]));
  const busy = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let wake = () => {};
  let overdueAt = 0;
  const unwatch = store.watch(() => wake());

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      const woken = new AbortController();
      wake = () => woken.abort();
      await round().catch((error) => log.error({ err: error }, 'the outbox can not be read; it is tried again'));
      const until = AbortSignal.any([woken.signal, stopping.signal]);
      await sleep(ROUND_MS, undefined, { signal: until }).catch(() => undefined);
    }
    await Promise.all(busy.values());
  }

  async function round(): Promise<void> {
    if (performance.now() >= overdueAt) {
      overdueAt = performance.now() + OVERDUE_EVERY_MS;
      for (const notice of await store.overdueNotices()) await giveUp(notice);
    }
    const free = [...recipients.keys()].filter((id) => !busy.has(id));
    const leaseMs = timeoutMs + 5_000;
    for (const notice of await store.takeNotices(free, leaseMs)) {
      const sending = deliver(notice)
        .catch((error) =>
          log.error({ err: error, notice: notice.id, ticket: notice.ticket }, 'the outbox can not be written'),
        )
        .finally(() => {
          busy.delete(notice.recipient);
          wake();
        });
      busy.set(notice.recipient, sending);
    }
  }

  async function deliver(notice: StoredNotice): Promise<void> {
    const recipient = recipients.get(notice.recipient);
    if (!recipient) return;
    try {
      await send(recipient, notice);
    } catch (error) {
      // Stopped in the middle: it is due at once for the process that comes next.
      const stopped = stopping.signal.aborted;
      const pause = stopped ? 0 : (retryMs[Math.min(notice.tries, retryMs.length) - 1] ?? ROUND_MS);
      // The endpoint's address may be a secret, and is in no log.
      if (!stopped)
        log.warn(
          { notice: notice.id, ticket: notice.ticket, tries: notice.tries, why: whyOf(error) },
          'somebody could not be told',
        );
      await store.postponeNotice(notice.id, pause);
      return;
    }
    await store.noticeSent(notice.id);
  }

  async function send(recipient: Recipient, notice: StoredNotice): Promise<void> {
    const message = notice.ticket === undefined ? await ofStatement(notice) : await ofTicket(notice, notice.ticket);
    const now = new Date(await store.now());
    if (recipient.kind === 'webhook')
      return sendWebhook(recipient, notice.id, message, { now, timeoutMs, signal: stopping.signal });
    if (now.getTime() - Date.parse(notice.created_at) > DESKTOP_NEWS_MS) return;
    if (!(await showOnDesktop(message)))
      log.warn({ notice: notice.id, ticket: notice.ticket }, 'this system showed no notification');
  }

  async function ofTicket(notice: StoredNotice, id: string): Promise<Message> {
    const stored = await store.ticket(id);
    const belief = judge(stored);
    const shortage = belief.kind === 'believed' ? await options.shortage?.(belief.ticket) : undefined;
    return messageOf(notice, stored, { reviewUrl: options.reviewUrl?.(id), shortage, command: options.command });
  }

  async function ofStatement(notice: StoredNotice): Promise<Message> {
    try {
      const signed = (await store.statements()).find(({ seq }) => seq === notice.seq);
      return statementMessageOf(notice, signed, await options.enrolled?.(), options.command);
    } catch (error) {
      // People are told that it can't be verified; the commands that read the same say why.
      if (!(error instanceof HoldshortError)) throw error;
      return statementMessageOf(notice, undefined, undefined, options.command);
    }
  }

  async function giveUp({ id, recipient, ticket, tries, seq }: StoredNotice): Promise<void> {
    await store.giveUpNotice(id, {
      type: 'notification.abandoned',
      actor: 'notifier',
      ticket,
      outcome: 'failed',
      detail: { notice: id, recipient, tries, about_seq: seq },
    });
  }

  const done = work();
  return {
    async stop() {
      stopping.abort();
      unwatch();
      await done;
    },
  };
}

function whyOf(error: unknown): string {
  if (error instanceof HoldshortError) return error.message;
  return error instanceof Error ? error.name : 'unknown';
}
