import { z } from 'zod';
import { defineTicketTool } from '../define.ts';
import { Reason, TicketRef } from '../fields.ts';
import { hideCredentials } from '../ports/credentials.ts';

export default defineTicketTool({
  name: 'ticket_withdraw',
  title: 'Withdraw a ticket',
  description: 'Take back one of your tickets that has not begun to run, so that nobody needs to decide it.',
  readOnly: false,
  input: z.strictObject({ ticket_id: TicketRef, reason: Reason }),
  log: { ticket_id: 'shown', reason: 'shown' },
  async run({ ticket_id, reason }, own) {
    return (await own.withdraw(ticket_id, hideCredentials(reason))).view;
  },
});
