import type { Json } from '../../../../src/kernel/digest.ts';
import type { TagRules } from '../../../../src/kernel/tag-effect.ts';
import type { ResourceChange } from '../../../ports/cloudformation.ts';
import { member, propertiesOf, same } from './resource-settings.ts';
import { COUNT, sameTagsInAll, whyTagsCount } from './tag-lists.ts';

/**
 * What an instance carries out by itself when it changes (cfn-hup), though no property does.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-hup.html
 */
const INSTRUCTIONS = ['AWS::CloudFormation::Init', 'AWS::CloudFormation::Authentication'];

/**
 * The stack's own tags reach a resource without standing in its properties. One tag of its own `Tags`, which both
 * contexts show to change, is judged with its other properties.
 */
export function stackTags(
  { properties, before_context, after_context }: ResourceChange,
  tagRules: TagRules,
): readonly string[] {
  const [was, is] = [propertiesOf(before_context), propertiesOf(after_context)];
  const isShown = was !== undefined && is !== undefined && !sameTagsInAll(was.Tags, is.Tags);
  return properties.flatMap(({ attribute, name, before, after }) => {
    if (attribute !== 'Tags') return [];
    const [tags, others] = [parsed(before), parsed(after)];
    const areTold = Array.isArray(tags) && Array.isArray(others);
    const why = areTold ? whyTagsCount(tags, others, tagRules) : isShown && name === 'Tags' ? undefined : COUNT;
    return why === undefined ? [] : [`Tags ${why}`];
  });
}

/** Code in a resource's metadata that instances carry out. What AWS doesn't show of metadata may hold some. */
export function carriedOut({ properties, before_context, after_context }: ResourceChange): readonly string[] {
  const before = member(parsed(before_context), 'Metadata');
  const after = member(parsed(after_context), 'Metadata');
  const listed = properties.some(
    ({ attribute, name }) => attribute === 'Metadata' && (!name || INSTRUCTIONS.includes(name)),
  );
  const unseen = listed && (same(before, after) || typeof after === 'string');
  const changed = INSTRUCTIONS.some((name) => !same(member(before, name), member(after, name)));
  if (!changed && !unseen) return [];
  return ['what cfn-init does on an instance, as root, changes; where cfn-hup runs, it is done at once'];
}

function parsed(text: string | undefined): Json | undefined {
  try {
    return JSON.parse(text ?? '') as Json;
  } catch {
    return undefined;
  }
}
