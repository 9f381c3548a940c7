import type { NoticeKind } from '../kernel/notice.ts';

/** Where people are told. */
export type Recipient = { readonly id: string; readonly on: readonly NoticeKind[] } & (
  | { readonly kind: 'webhook'; readonly url: string; readonly format: 'standard'; readonly secretFile: string }
  | { readonly kind: 'webhook'; readonly url: string; readonly format: 'slack' }
  | { readonly kind: 'desktop' }
);
