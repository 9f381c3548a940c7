import { type Json, stableJson } from '../../../../src/kernel/digest.ts';
import type { PropertyChange, ResourceChange } from '../../../ports/cloudformation.ts';
import { member, same } from './resource-settings.ts';

/**
 * What an instance carries out by itself when it changes (cfn-hup), though no property does.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-hup.html
 */
const INSTRUCTIONS = ['AWS::CloudFormation::Init', 'AWS::CloudFormation::Authentication'];

/** The stack's own tags reach a resource without standing in its properties. Their order means nothing. */
export function stackTags({ properties }: ResourceChange): readonly string[] {
  return properties.some((change) => change.attribute === 'Tags' && !hasSameTags(change))
    ? ['Tags change: environments, access and backups may rest on them']
    : [];
}

function hasSameTags({ before, after }: PropertyChange): boolean {
  const [was, is] = [parsed(before), parsed(after)];
  if (!Array.isArray(was) || !Array.isArray(is)) return false;
  const sorted = (tags: readonly Json[]) => tags.map(stableJson).sort();
  return same(sorted(was), sorted(is));
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
  return ['what cfn-init does on an instance changes; where cfn-hup runs, it is done at once'];
}

function parsed(text: string | undefined): Json | undefined {
  try {
    return JSON.parse(text ?? '') as Json;
  } catch {
    return undefined;
  }
}
