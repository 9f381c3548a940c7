import { z } from 'zod';
import { defineReadTool } from '../define.ts';
import { Cursor, Region } from '../fields.ts';
import { pageOf, placeOf } from '../page.ts';
import { HIDDEN } from '../ports/masks.ts';
import { withUsers } from './deletion/export-users.ts';

/** Who imports an export costs a request for each. */
const LOOKED_UP = 25;
const SHOWN_USERS = 20;

export default defineReadTool({
  name: 'cloudformation_list_exports',
  title: 'List exports',
  description: 'List the values that CloudFormation stacks export, each with the stacks that import it.',
  toolset: 'cloudformation',
  actions: [
    'cloudformation:ListExports',
    'cloudformation:ListImports',
    'cloudformation:DescribeStacks',
    'cloudformation:GetTemplate',
    'cloudformation:ListStackResources',
  ],
  input: z.strictObject({ cursor: Cursor.optional(), region: Region.optional() }),
  log: { cursor: 'shown', region: 'shown' },
  async read({ cursor }, readers) {
    const place = placeOf(cursor);
    const page = await readers.cloudformation.exports(place.token);
    const last = place.skip + LOOKED_UP;
    const shown = await withUsers(page.items.slice(place.skip, last), readers);
    const values: string[] = [];
    for (const one of shown) values.push(await readers.cloudformation.exportValue(one));
    const { items, ...rest } = pageOf(
      place,
      [
        ...page.items.slice(0, place.skip).map((one) => ({ ...one })),
        ...shown.map((one, at) => ({ ...one, value: values[at] ?? HIDDEN, ...usersOf(one.imported_by) })),
        ...page.items.slice(last).map((one) => ({ ...one })),
      ],
      page.cursor,
      LOOKED_UP,
    );
    return { region: readers.caller.region, exports: items, ...rest };
  },
});

function usersOf(names: readonly string[] | undefined) {
  if (names === undefined) return { imported_by: 'not known' };
  const left = names.length - SHOWN_USERS;
  return { imported_by: names.slice(0, SHOWN_USERS), ...(left > 0 ? { importers_left_out: left } : {}) };
}
