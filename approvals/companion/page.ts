import { inputRequired } from '@modelcontextprotocol/server';
import { readPasskey } from '../../src/kernel/webauthn.ts';
import { requirementText } from '../../src/policy/requirement-text.ts';
import { type Desk, typedHere } from '../desk.ts';
import { chatText } from '../render/chat-text.ts';
import { firstScreenText } from '../render/ticket.ts';
import type { Assessment } from '../tickets/assess.ts';
import type { Inquiries, Inquiry } from './inquiries.ts';

const WIDTH = 78;

/**
 * Has the client offer to open the ticket on the approval page, where a passkey decides. Whatever the client answers
 * decides nothing: `accept` means that it opened the address, or says so.
 */
export async function askByPage(
  inquiries: Inquiries,
  assessment: Assessment,
  asked: Inquiry & { readonly decision: 'approve' | 'deny' },
  url: string,
  desk: Pick<Desk, 'command'>,
) {
  const needs =
    asked.decision === 'approve' ? ` It needs ${requirementText(assessment.today ?? assessment.requirement)}.` : '';
  const unable = hasPasskey(assessment, asked.person) ? '' : `\n\n${typedHere(desk, howToGetOne(asked.person))}`;
  return inputRequired({
    inputRequests: {
      decision: inputRequired.elicitUrl({
        message: `Open the approval page to ${asked.decision} this as ${asked.person}?${needs} Opening it decides nothing.${unable}\n\n${chatText(firstScreenText(assessment, { width: WIDTH, now: new Date(assessment.enrolled.at) }))}`,
        url,
      }),
    },
    requestState: await inquiries.ask(asked),
  });
}

function hasPasskey({ enrolled }: Assessment, person: string): boolean {
  return [...enrolled.registry.keys.values()].some(
    ({ name, revokedAt, publicKey }) => name === person && !revokedAt && readPasskey(publicKey) !== undefined,
  );
}

/**
 * The person is told before they go there: the page decides with passkeys only, and nobody gets to a passkey by
 * themselves.
 */
function howToGetOne(person: string): string {
  return `${person} has no passkey enrolled, and the page takes nothing else. To get one, run \`holdshort web\`, open the second address that it prints and register one; an admin enrolls it. Decline to be told how to decide in a terminal.`;
}
