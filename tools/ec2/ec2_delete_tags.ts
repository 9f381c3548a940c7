import { z } from 'zod';
import { defineChangeTool } from '../define.ts';
import { Reason, Region } from '../fields.ts';
import { placeOf } from '../session/permits.ts';
import { onThings } from './permits.ts';
import { observeTags, planTags, TAG_READS, type TagChange, TagsGuard } from './tags/change.ts';
import { ResourceIds, TagKeys } from './tags/input.ts';
import { tagsBack } from './undo/tags-back.ts';
import { undoOf } from './undo/way-back.ts';

export default defineChangeTool({
  name: 'ec2_delete_tags',
  title: 'Remove tags',
  description: 'Remove tags from EC2 resources by key. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:DeleteTags',
  reads: TAG_READS,
  effects: ['weaken', 'modify'],
  refusals: { not_found: 'a resource does not exist', no_changes: 'none of them has any of these tags' },
  input: z.strictObject({ resources: ResourceIds, tag_keys: TagKeys, region: Region.optional(), reason: Reason }),
  log: { resources: 'shown', tag_keys: 'shown', region: 'shown', reason: 'shown' },
  only_names: ['tag_keys'],

  stored: z.strictObject({ resources: z.array(z.string()), tag_keys: z.array(z.string()) }),
  guard: TagsGuard,
  record: ({ resources, tag_keys }) => ({ resources: [...resources].sort(), tag_keys: [...tag_keys].sort() }),

  async plan({ resources, tag_keys }, readers, _, tagRules) {
    const { touched, ...planned } = await planTags(resources, changesOf(tag_keys), readers, tagRules);
    const count = tag_keys.length;
    return {
      summary: `remove ${count} tag${count === 1 ? '' : 's'} from ${touched} resource${touched === 1 ? '' : 's'}`,
      ...planned,
      ...undoOf(planned.impact, tagsBack(TagsGuard.parse(planned.guard), changesOf(tag_keys))),
    };
  },

  async keep({ guard, arguments: { resources, tag_keys } }, { ec2 }) {
    return { calls: tagsBack(guard, changesOf(tag_keys)).calls, as_it_was: await ec2.tags(resources) };
  },

  permits: (plan) => onThings('ec2:DeleteTags', plan.arguments.resources, placeOf(plan)),

  async execute({ arguments: { resources, tag_keys } }, { ec2 }) {
    await ec2.deleteTags({ ids: resources, keys: tag_keys });
  },

  observe: (plan, readers) => observeTags(plan.guard, changesOf(plan.arguments.tag_keys), readers),
});

function changesOf(keys: readonly string[]): readonly TagChange[] {
  return keys.map((key) => ({ key, value: null }));
}
