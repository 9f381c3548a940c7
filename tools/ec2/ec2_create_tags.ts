import { z } from 'zod';
import { defineChangeTool } from '../define.ts';
import { Reason, Region } from '../fields.ts';
import { placeOf } from '../session/permits.ts';
import { onThings } from './permits.ts';
import { observeTags, planTags, TAG_READS, type TagChange, TagsGuard } from './tags/change.ts';
import { NewTags, ResourceIds } from './tags/input.ts';
import { StoredTags } from './tags/ticket-tag.ts';
import { tagsBack } from './undo/tags-back.ts';
import { undoOf } from './undo/way-back.ts';

export default defineChangeTool({
  name: 'ec2_create_tags',
  title: 'Set tags',
  description: 'Set tags on EC2 resources; a key that is there gets the new value. May need approval (ticket).',
  toolset: 'ec2',
  action: 'ec2:CreateTags',
  reads: TAG_READS,
  effects: ['weaken', 'modify'],
  refusals: { not_found: 'a resource does not exist', no_changes: 'all of them have these tags already' },
  input: z.strictObject({ resources: ResourceIds, tags: NewTags, region: Region.optional(), reason: Reason }),
  log: { resources: 'shown', tags: 'shown', region: 'shown', reason: 'shown' },

  stored: z.strictObject({ resources: z.array(z.string()), tags: StoredTags }),
  guard: TagsGuard,
  record: ({ resources, tags }) => ({ resources: [...resources].sort(), tags }),

  async plan({ resources, tags }, readers, _, tagRules) {
    const { touched, ...planned } = await planTags(resources, changesOf(tags), readers, tagRules);
    const count = Object.keys(tags).length;
    return {
      summary: `set ${count} tag${count === 1 ? '' : 's'} on ${touched} resource${touched === 1 ? '' : 's'}`,
      ...planned,
      ...undoOf(planned.impact, tagsBack(TagsGuard.parse(planned.guard), changesOf(tags))),
    };
  },

  async keep({ guard, arguments: { resources, tags } }, { ec2 }) {
    return { calls: tagsBack(guard, changesOf(tags)).calls, as_it_was: await ec2.tags(resources) };
  },

  permits: (plan) => onThings('ec2:CreateTags', plan.arguments.resources, placeOf(plan)),

  async execute({ arguments: { resources, tags } }, { ec2 }) {
    await ec2.createTags({ ids: resources, tags });
  },

  observe: (plan, readers) => observeTags(plan.guard, changesOf(plan.arguments.tags), readers),
});

function changesOf(tags: Readonly<Record<string, string>>): readonly TagChange[] {
  return Object.entries(tags)
    .map(([key, value]) => ({ key, value }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
