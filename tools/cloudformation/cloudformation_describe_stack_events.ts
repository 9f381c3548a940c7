import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, Region, StackNameOrArn } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import type { StackEvent } from '../ports/cloudformation.ts';
import { existingStack } from './stack/target.ts';

/** How many of AWS's pages without a failure are passed over in one answer. */
const PASSED_OVER = 10;

export default defineReadTool({
  name: 'cloudformation_describe_stack_events',
  title: "List a stack's events",
  description:
    'List what happened to a CloudFormation stack and its resources, newest first, with the reasons of failures.',
  toolset: 'cloudformation',
  actions: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackEvents'],
  input: z.strictObject({
    stack_name: StackNameOrArn,
    failed_only: z.boolean().optional(),
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  log: { stack_name: 'shown', failed_only: 'shown', cursor: 'shown', region: 'shown' },
  async read({ stack_name, failed_only = false, cursor }, readers) {
    const { stack_id } = await existingStack(stack_name, readers);
    const wanted = (event: StackEvent) => !failed_only || event.status.endsWith('_FAILED');
    let place = placeOf(cursor);
    let page = await readers.cloudformation.eventPage(stack_id, place.token);
    let events = page.items.filter(wanted);
    for (let count = 0; events.length === 0 && page.cursor !== undefined && count < PASSED_OVER; count++) {
      place = { token: page.cursor, skip: 0 };
      page = await readers.cloudformation.eventPage(stack_id, place.token);
      events = page.items.filter(wanted);
    }
    const { items, ...rest } = pageOf(
      place,
      events.map(({ event_id: _, ...event }) => event),
      page.cursor,
    );
    return { stack_id, events: items, ...rest };
  },
});
