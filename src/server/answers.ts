import type { CallToolResult } from '@modelcontextprotocol/server';
import { asStarted, INSTALLED_NAME } from '../kernel/command-name.ts';
import { type Json, sha256 } from '../kernel/digest.ts';
import type { Refusal } from '../kernel/errors.ts';
import { asciiJson } from '../kernel/plan.ts';
import { boundedText } from '../kernel/safe-text.ts';
import { presentable, TEXT_LIMIT } from '../present/presentable.ts';

/** The most bytes of a whole answer as it goes over the wire. */
const ANSWER_LIMIT = 64 * 1024;

export type Outcome = 'completed' | 'in_progress' | 'pending_approval' | 'refused' | 'failed' | 'unknown';

export interface Answer {
  readonly data: { readonly [key: string]: Json };
  /** A few sentences for people, in front of the data; ours, never AWS's. All that they say is in the data too. */
  readonly headline?: string | undefined;
  readonly isError: boolean;
}

/**
 * The MCP form: the data as structured content and, for older clients, as text; escaped to printable ASCII, at most 64
 * KiB in all.
 * @param command how this program was started: agents hand on what people are to run
 */
export function toToolResult(answer: Answer, command: string = INSTALLED_NAME): CallToolResult {
  const result = resultOf(typed(answer, command));
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

/** What to do next, with the commands as they can be typed; the rest of the data is left as it is. */
function typed({ data, headline, isError }: Answer, command: string): Answer {
  const { next, refusal, ticket } = data;
  return {
    data: {
      ...data,
      ...(typeof next === 'string' ? { next: asStarted(next, command) } : {}),
      ...(hasRecovery(refusal) ? { refusal: inHere(refusal, command) } : {}),
      ...(hasShortage(ticket)
        ? { ticket: { ...ticket, cannot_be_approved: inHere(ticket.cannot_be_approved, command) } }
        : {}),
    },
    headline: headline && asStarted(headline, command),
    isError,
  };
}

interface WithRecovery {
  readonly [key: string]: Json;
  readonly recovery: string;
}

function inHere(told: WithRecovery, command: string) {
  return { ...told, recovery: asStarted(told.recovery, command) };
}

function hasRecovery(told: Json | undefined): told is WithRecovery {
  return typeof told === 'object' && told !== null && 'recovery' in told && typeof told.recovery === 'string';
}

function hasShortage(ticket: Json | undefined): ticket is { readonly cannot_be_approved: WithRecovery } {
  return (
    typeof ticket === 'object' &&
    ticket !== null &&
    'cannot_be_approved' in ticket &&
    hasRecovery(ticket.cannot_be_approved)
  );
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

/** Begins with an argument's or a tool's name, which is typed as it is: `reason: is missing`. */
const NAMED = /^\w+(?:[._]\w|: )/;

/** Our texts are lower case without a full stop, so that they can be inside others. */
export function sentence(text: string): string {
  const first = text.slice(0, 1);
  return `${NAMED.test(text) ? first : first.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
