import type { CallToolResult } from '@modelcontextprotocol/server';
import { type Json, sha256 } from '../kernel/digest.ts';
import type { Refusal } from '../kernel/errors.ts';
import { asciiJson } from '../kernel/plan.ts';
import { boundedText } from '../kernel/safe-text.ts';

/** An answer's texts come from AWS and from the agent: bounded here, whatever a tool let through. */
const TEXT_LIMIT = 2_000;
const ANSWER_LIMIT = 64 * 1024;

export type Outcome = 'completed' | 'in_progress' | 'pending_approval' | 'refused' | 'failed' | 'unknown';

export interface Answer {
  readonly data: { readonly [key: string]: Json };
  /** One or two lines for people, in front of the data. */
  readonly headline?: string;
  readonly isError: boolean;
}

/** The MCP form: the data as structured content and, for older clients, as text; escaped to printable ASCII, at most 64 KiB. */
export function toToolResult({ data, headline, isError }: Answer): CallToolResult {
  let structured = presentable(data);
  let text = asciiJson(structured);
  if (text.length > ANSWER_LIMIT) {
    structured = {
      refusal: {
        code: 'internal',
        message: `the answer would have ${text.length} characters; at most ${ANSWER_LIMIT} are sent`,
        recovery: 'ask for less: a filter, a smaller limit, or one resource',
      },
    };
    text = asciiJson(structured);
  }
  return {
    content: [
      ...(headline ? [{ type: 'text' as const, text: boundedText(headline, TEXT_LIMIT, sha256) }] : []),
      { type: 'text', text },
    ],
    structuredContent: structured as Record<string, unknown>,
    ...(isError ? { isError } : {}),
  };
}

export function refused(refusal: Refusal, data: { readonly [key: string]: Json } = {}): Answer {
  return {
    data: { outcome: 'refused', ...data, refusal: { ...refusal } },
    headline: `Refused (${refusal.code}): ${refusal.message}. ${sentence(refusal.recovery)}`,
    isError: true,
  };
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** Every string escaped and bounded, keys included. */
export function presentable(value: Json | undefined): Json {
  if (typeof value === 'string') return boundedText(value, TEXT_LIMIT, sha256);
  if (value === null || value === undefined || typeof value !== 'object') return value ?? null;
  if (Array.isArray(value)) return value.map((item: Json) => presentable(item));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [[boundedText(key, 200, sha256), presentable(member)]],
    ),
  );
}
