import { sha256 } from '../../kernel/digest.ts';
import { NOTICE_KINDS, type NoticeKind, toldOf } from '../../kernel/notice.ts';
import type { Statement } from '../../kernel/statement.ts';
import type { StoredNotice } from '../notice.ts';

const DAY_MS = 86_400_000;

/** A notice as it is stored; times are milliseconds since 1970. */
export interface NoticeRow {
  readonly id: string;
  readonly recipient: string;
  readonly ticket: string | null;
  readonly seq: number;
  readonly created_at: number;
  readonly tries: number;
}

/** Which kinds of recipients are told of a signed statement. */
export function tellsOf(kind: Statement['kind']): readonly NoticeKind[] {
  const told = toldOf(kind);
  return told === 'everybody' ? NOTICE_KINDS : told === undefined ? [] : [told];
}

/** Each recipient once, however many of its kinds this is. */
export function recipientsOf(
  kinds: readonly NoticeKind[],
  wanting: (kind: NoticeKind) => readonly string[],
): readonly string[] {
  return [...new Set(kinds.flatMap((kind) => wanting(kind)))];
}

/** It follows from the entry, so that it is the same however often the notice is sent. */
export function noticeId(log: string | undefined, seq: number, recipient: string): string {
  return `msg_${sha256(`${log}/${seq}/${recipient}`).slice(0, 32)}`;
}

/** May a recipient's oldest notice be taken now? Only that one ever is: they arrive in order. */
export function isDue(
  { due_at, claim_until }: { readonly due_at: number; readonly claim_until: number | null },
  now: number,
): boolean {
  return due_at <= now && (claim_until ?? 0) <= now;
}

/** What was to be told at this moment or before it, and wasn't, is given up. */
export function giveUpUntil(now: number): number {
  return now - DAY_MS;
}

export function noticeOf({ id, recipient, ticket, seq, tries, created_at }: NoticeRow): StoredNotice {
  return { id, recipient, ticket: ticket ?? undefined, seq, tries, created_at: new Date(created_at).toISOString() };
}
