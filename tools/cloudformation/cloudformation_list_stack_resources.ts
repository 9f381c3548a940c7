import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, Region, StackNameOrArn } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import { existingStack } from './stack/target.ts';

export default defineReadTool({
  name: 'cloudformation_list_stack_resources',
  title: "List a stack's resources",
  description: 'List the resources of one CloudFormation stack with logical and physical ids, types and statuses.',
  toolset: 'cloudformation',
  actions: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'],
  input: z.strictObject({ stack_name: StackNameOrArn, cursor: Cursor.optional(), region: Region.optional() }),
  log: { stack_name: 'shown', cursor: 'shown', region: 'shown' },
  async read({ stack_name, cursor }, readers) {
    const { stack_id } = await existingStack(stack_name, readers);
    const place = placeOf(cursor);
    const page = await readers.cloudformation.resources(stack_id, place.token);
    const { items, ...rest } = pageOf(
      place,
      page.items.map((resource) => ({ ...resource })),
      page.cursor,
    );
    return { stack_id, resources: items, ...rest };
  },
});
