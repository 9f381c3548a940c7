import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, Region, uniqueList } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html */
const STATUSES = [
  'CREATE_IN_PROGRESS',
  'CREATE_FAILED',
  'CREATE_COMPLETE',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_FAILED',
  'ROLLBACK_COMPLETE',
  'DELETE_IN_PROGRESS',
  'DELETE_FAILED',
  'DELETE_COMPLETE',
  'UPDATE_IN_PROGRESS',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_FAILED',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE',
  'REVIEW_IN_PROGRESS',
  'IMPORT_IN_PROGRESS',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_IN_PROGRESS',
  'IMPORT_ROLLBACK_FAILED',
  'IMPORT_ROLLBACK_COMPLETE',
];

const Status = z
  .string()
  .refine((status) => STATUSES.includes(status), 'is not a stack status; use one like CREATE_COMPLETE');

export default defineReadTool({
  name: 'cloudformation_list_stacks',
  title: 'List stacks',
  description:
    'List CloudFormation stacks with their status. Deleted stacks are left out unless `statuses` asks for DELETE_COMPLETE.',
  toolset: 'cloudformation',
  actions: ['cloudformation:ListStacks'],
  input: z.strictObject({
    statuses: uniqueList(Status, STATUSES.length).optional().describe('Only these stack statuses'),
    cursor: Cursor.optional(),
    region: Region.optional(),
  }),
  log: { statuses: 'shown', cursor: 'shown', region: 'shown' },
  async read({ statuses, cursor }, { cloudformation, caller }) {
    const place = placeOf(cursor);
    const page = await cloudformation.stacks({
      statuses: statuses ?? STATUSES.filter((status) => status !== 'DELETE_COMPLETE'),
      ...(place.token === undefined ? {} : { cursor: place.token }),
    });
    const { items, ...rest } = pageOf(
      place,
      page.items.map((stack) => ({ ...stack })),
      page.cursor,
    );
    return { region: caller.region, stacks: items, ...rest };
  },
});
