import { z } from 'zod';
import { defineRestoreTool } from '../define.ts';
import { Parameters, Reason, TicketRef, wholeNumber } from '../fields.ts';

export default defineRestoreTool({
  name: 'ticket_restore',
  title: 'Bring back what a ticket changed',
  description:
    'Ask to bring back what one of your tickets deleted or changed, from the recovery kit made before it ran. May need approval (ticket).',
  input: z.strictObject({
    ticket_id: TicketRef,
    part: wholeNumber(1, 50).optional().describe('Where it takes several calls; default: 1'),
    parameters: Parameters.optional().describe('What nobody could keep: NoEcho values'),
    reason: Reason,
  }),
  log: { ticket_id: 'shown', part: 'shown', parameters: 'left_out', reason: 'shown' },
  asks: ({ ticket_id, part = 1, parameters, reason }) => ({ ticket: ticket_id, part, parameters, reason }),
});
