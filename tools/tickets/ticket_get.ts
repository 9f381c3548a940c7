import { z } from 'zod';
import { defineTicketTool } from '../define.ts';
import { TicketRef } from '../fields.ts';

export default defineTicketTool({
  name: 'ticket_get',
  title: 'Show a ticket',
  description: 'Show one of your tickets: its state, plan, decisions and, once it ran, the result.',
  readOnly: true,
  input: z.strictObject({ ticket_id: TicketRef }),
  log: { ticket_id: 'shown' },
  async run({ ticket_id }, own) {
    return (await own.get(ticket_id)).view;
  },
});
