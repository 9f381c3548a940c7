import { ruled, Tags, uniqueList } from '../../fields.ts';
import { KINDS } from '../network/target.ts';

const KEY_LENGTH = 128;

/** By these a ticket's own work is known again: nobody else's may look like it. */
const OURS = /^holdshort:/i;
const NOT_OURS = 'begins with "holdshort:", which tells what a ticket made; use another key';

export const NewTags = Tags.superRefine((tags, context) => {
  if (Object.keys(tags).length === 0) context.addIssue({ code: 'custom', message: 'is empty; name at least one' });
  for (const key of Object.keys(tags))
    if (OURS.test(key)) context.addIssue({ code: 'custom', path: [key], message: NOT_OURS });
});

export const TagKeys = uniqueList(
  ruled((key) => {
    if (/^aws:/i.test(key)) return 'begins with "aws:", which belongs to AWS and stays';
    if (OURS.test(key)) return NOT_OURS;
    return key.length >= 1 && key.length <= KEY_LENGTH ? undefined : 'is not a tag key (1 to 128 characters)';
  }),
  50,
);

const FORM = new RegExp(`^(${Object.keys(KINDS).join('|')})-([0-9a-f]{8}|[0-9a-f]{17})$`);

export const ResourceIds = uniqueList(
  ruled((id) =>
    FORM.test(id)
      ? undefined
      : `is not the id of a resource that these tools know (${Object.keys(KINDS).join('-, ')}-); take it from a read tool`,
  ),
  50,
);
