import type { CallToolResult } from '@modelcontextprotocol/server';
import { type Json, sha256 } from '../kernel/digest.ts';
import type { Refusal } from '../kernel/errors.ts';
import { asciiJson } from '../kernel/plan.ts';
import { presentable, TEXT_LIMIT } from '../kernel/presentable.ts';
import { boundedText } from '../kernel/safe-text.ts';

/** Of the whole answer as it goes over the wire. */
const ANSWER_LIMIT = 64 * 1024;

export type Outcome = 'completed' | 'in_progress' | 'pending_approval' | 'refused' | 'failed' | 'unknown';

export interface Answer {
  readonly data: { readonly [key: string]: Json };
  /** A few sentences for people, in front of the data; ours, never AWS's. All that they say stands in the data too. */
  readonly headline?: string | undefined;
  readonly isError: boolean;
}

/** The MCP form: the data as structured content and, for older clients, as text; escaped to printable ASCII, at most 64 KiB in all. */
export function toToolResult(answer: Answer): CallToolResult {
  const result = resultOf(answer);
  const size = JSON.stringify(result).length;
  if (size <= ANSWER_LIMIT) return result;
  return resultOf({
    data: {
      refusal: {
        code: 'internal',
        message: `the answer would have ${size} characters; at most ${ANSWER_LIMIT} are sent`,
        recovery: 'ask for less: a filter, a smaller limit, or one resource',
      },
    },
    isError: true,
  });
}

function resultOf({ data, headline, isError }: Answer): CallToolResult {
  const structured = presentable(data);
  return {
    content: [
      ...(headline ? [{ type: 'text' as const, text: boundedText(headline, TEXT_LIMIT, sha256) }] : []),
      { type: 'text', text: asciiJson(structured) },
    ],
    structuredContent: structured as Record<string, unknown>,
    ...(isError ? { isError } : {}),
  };
}

export function refused(refusal: Refusal): Answer {
  return {
    data: { outcome: 'refused', refusal: { ...refusal } },
    headline: `Refused (${refusal.code}): ${sentence(refusal.message)} ${sentence(refusal.recovery)}`,
    isError: true,
  };
}

/** Our texts are lower case without a full stop, so that they can stand inside others. */
export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
