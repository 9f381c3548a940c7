import { z } from 'zod';
import { defineTicketTool } from '../define.ts';
import { TicketRef } from '../fields.ts';

const PROGRESS_EVERY_MS = 2_000;

export default defineTicketTool({
  name: 'ticket_wait',
  title: 'Wait for a ticket',
  description:
    'Wait until one of your tickets is decided and done, or until the time is over; then call again. Only people decide tickets.',
  readOnly: true,
  input: z.strictObject({
    ticket_id: TicketRef,
    // A client gives up after 60 s by default.
    timeout_seconds: z.int().min(1).max(50).default(45),
  }),
  log: { ticket_id: 'shown', timeout_seconds: 'shown' },
  async run({ ticket_id, timeout_seconds }, own, progress) {
    const startedAt = performance.now();
    const totalMs = timeout_seconds * 1000;
    let how = 'looking at the ticket';
    const report = () => progress(Math.min(performance.now() - startedAt, totalMs), totalMs, how);
    report();
    const reporting = setInterval(report, PROGRESS_EVERY_MS);
    try {
      const seen = (message: string) => {
        how = message;
      };
      return (await own.wait(ticket_id, totalMs, seen)).view;
    } finally {
      clearInterval(reporting);
    }
  },
});
