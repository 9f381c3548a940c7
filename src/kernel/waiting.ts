import type { Refusal } from './errors.ts';

/**
 * What keeps an approved ticket from running, or one that is under way from going on, and since when it has been that.
 */
export interface Waiting {
  /** ISO 8601 */
  readonly since: string;
  readonly refusal: Refusal;
}

/**
 * The same in every place where a ticket is shown; unescaped. `AWS can't be reached: … (since 2026-11-28 14:02 UTC)`
 */
export function waitingText({ since, refusal: { code, message } }: Waiting): string {
  const reach = code === 'aws_unreachable' && !message.startsWith('no AWS credentials') ? "AWS can't be reached: " : '';
  return `${reach}${message} (since ${since.slice(0, 16).replace('T', ' ')} UTC)`;
}
