import { randomBytes } from 'node:crypto';
import { createRequestStateCodec, type RequestStateCodec, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';

/**
 * What a person was asked, about which plan, and who was to answer. Stays in this process; the client gets a reference
 * to it.
 */
export interface Inquiry {
  /** A form in the client, an address that it offers to open, or a card that it renders. */
  readonly how: 'form' | 'page' | 'card';
  /** The ticket as the call named it: the call that brings a form's answer must repeat it. */
  readonly named: string;
  readonly ticket: string;
  readonly digest: string;
  /** On a card the person chooses. */
  readonly decision: 'approve' | 'deny' | undefined;
  readonly reason: string | undefined;
  readonly person: string;
}

const TTL_SECONDS = 600;
/**
 * The limit counts each kind and each ticket apart: a chat model that asks without end must not push out what a person
 * is reading about another ticket.
 */
const MOST_OPEN = 50;

const State = z.strictObject({ question: z.string() });

export interface Inquiries {
  /** Seals what travels through the client, which can neither alter nor make it. */
  readonly codec: RequestStateCodec;
  /** Notes that a question goes out. @returns what names it: 128 random bits, in hex */
  issue(asked: Inquiry): string;
  /** Takes a question back by its name, once: an answer that is sent again finds nothing. */
  take(question: string, how: Inquiry['how']): Inquiry | undefined;
  /** The same for what the codec opened. */
  takeSealed(state: unknown): Inquiry | undefined;
}

/**
 * One per process, shared by all protocol eras: the key and the open questions die with it.
 * @param clock milliseconds that only ever grow
 */
export function createInquiries(clock: () => number): Inquiries {
  const open = new Map<string, { readonly asked: Inquiry; readonly at: number }>();
  const forgetOld = () => {
    const oldest = clock() - TTL_SECONDS * 1000;
    for (const [name, { at }] of open) if (at < oldest) open.delete(name);
  };
  const makeRoom = ({ how, ticket }: Inquiry) => {
    const same = [...open].filter(([, { asked }]) => asked.how === how && asked.ticket === ticket);
    for (const [name] of same.slice(0, Math.max(0, same.length + 1 - MOST_OPEN))) open.delete(name);
  };
  const take = (question: string, how: readonly Inquiry['how'][]) => {
    forgetOld();
    const asked = open.get(question)?.asked;
    // However it came, it was an attempt at this question.
    return open.delete(question) && asked && how.includes(asked.how) ? asked : undefined;
  };
  return {
    codec: createRequestStateCodec({ key: randomBytes(32), ttlSeconds: TTL_SECONDS, bind: boundTo }),
    issue(asked) {
      forgetOld();
      makeRoom(asked);
      const question = randomBytes(16).toString('hex');
      open.set(question, { asked, at: clock() });
      return question;
    },
    take: (question, how) => take(question, [how]),
    takeSealed(state) {
      const sealed = State.safeParse(state);
      return sealed.success ? take(sealed.data.question, ['form', 'page']) : undefined;
    },
  };
}

/** A question of one tool isn't answered to another. */
function boundTo({ mcpReq }: ServerContext): string {
  return `approvals_decide\0${mcpReq.method}`;
}
