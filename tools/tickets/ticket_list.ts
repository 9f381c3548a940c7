import { z } from 'zod';
import { TICKET_STATES } from '../../src/kernel/ticket.ts';
import { defineTicketTool } from '../define.ts';
import { Cursor } from '../fields.ts';

export default defineTicketTool({
  name: 'ticket_list',
  title: 'List your tickets',
  description: 'List your own tickets, newest first.',
  readOnly: true,
  input: z.strictObject({
    state: z.enum(TICKET_STATES).optional(),
    limit: z.int().min(1).max(100).default(20),
    cursor: Cursor.optional(),
  }),
  log: { state: 'shown', limit: 'shown', cursor: 'shown' },
  async run({ state, limit, cursor }, own) {
    const page = await own.list({
      limit,
      ...(state === undefined ? {} : { state }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { tickets: page.items, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
  },
});
