import type { CallToolResult } from '@modelcontextprotocol/server';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { cardOf, decidingOn } from '../app/card.ts';
import { CARD_META, type Deciding } from '../app/shape.ts';
import { personOf } from '../keys/signer.ts';
import type { Assessment } from '../tickets/assess.ts';
import { checkMayDecide } from '../tickets/may-decide.ts';
import type { CompanionContext } from './context.ts';
import { clientIsEnough } from './enough.ts';
import type { Inquiries } from './inquiries.ts';

/**
 * The answer, with what the client's card shows beside it: the ticket, and a question where this person can decide on
 * the card.
 */
export async function withCard(
  context: CompanionContext,
  inquiries: Inquiries,
  assessment: Assessment,
  answer: CallToolResult,
): Promise<CallToolResult> {
  const deciding = await decidingOf(context, inquiries, assessment);
  const card = cardOf(assessment, {
    now: new Date(assessment.enrolled.at),
    deciding,
    page: context.reviewUrl?.(assessment.ticket.id),
  });
  return { ...answer, _meta: { ...answer._meta, [CARD_META]: card } };
}

async function decidingOf(
  context: CompanionContext,
  inquiries: Inquiries,
  assessment: Assessment,
): Promise<Deciding | undefined> {
  const { ticket, digest, state } = assessment;
  // The card offers nothing for a ticket that doesn't wait.
  if (state !== 'pending') return undefined;
  const may = async (decision: 'approve' | 'deny') => {
    try {
      const person = personOf(context);
      const { id: key } = await context.signer(assessment.enrolled, person);
      checkMayDecide(assessment, { person, key, digest, decision, assurance: 'client' });
      return person;
    } catch (error) {
      // Someone who can't decide reads the card without buttons; a call that decides says why.
      if (error instanceof HoldshortError) return undefined;
      throw error;
    }
  };
  const person = await may('deny');
  if (person === undefined) return undefined;
  const approve = clientIsEnough(assessment) && (await may('approve')) !== undefined;
  const asked = { how: 'card', named: ticket.id, ticket: ticket.id, digest, person } as const;
  const question = await inquiries.ask({ ...asked, decision: undefined, reason: undefined });
  return decidingOn(assessment, question, person, approve);
}
