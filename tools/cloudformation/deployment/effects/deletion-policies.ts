import type { ResourceChange, ResourcePolicies } from '../../../ports/cloudformation.ts';
import { propertiesOf } from './resource-settings.ts';

type When = 'before' | 'after';
type Compared = readonly [name: string, was: string | undefined, is: string | undefined];

const POLICIES = /^(DeletionPolicy|UpdateReplacePolicy)$/;

/** How much each policy keeps. What AWS works out itself counts as the most before and the least after. */
function strength(policy: string | undefined, byDefault: number, when: When): number {
  if (policy === undefined) return byDefault;
  if (policy === 'Delete') return 0;
  if (policy === 'Snapshot') return 1;
  if (policy === 'Retain' || policy === 'RetainExceptOnCreate') return 2;
  return when === 'before' ? 2 : 0;
}

/**
 * What no DeletionPolicy means. An RDS cluster, and an RDS instance outside one, is snapshotted; of an instance of
 * which that isn't told the most is assumed before and the least after. UpdateReplacePolicy has no such default.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
function defaultStrength(type: string, context: string | undefined, when: When): number {
  if (type === 'AWS::RDS::DBCluster') return 1;
  if (type !== 'AWS::RDS::DBInstance') return 0;
  const properties = propertiesOf(context);
  if (!properties) return when === 'before' ? 1 : 0;
  return properties.DBClusterIdentifier === undefined ? 1 : 0;
}

/**
 * Which of a resource's policies would keep less than they do now? By the templates, and by what AWS lists: a macro may
 * write policies that no template shows.
 * @param change what AWS says about the resource, if it says anything
 */
export function weakenedPolicies(
  before: ResourcePolicies | undefined,
  after: ResourcePolicies | undefined,
  change?: ResourceChange,
): readonly string[] {
  const type = after?.type ?? change?.type ?? '';
  const [wasDefault, isDefault] = [
    defaultStrength(type, change?.before_context, 'before'),
    defaultStrength(type, change?.after_context, 'after'),
  ];
  const templated: readonly Compared[] =
    before && after
      ? [
          ['DeletionPolicy', before.deletion_policy, after.deletion_policy],
          ['UpdateReplacePolicy', before.update_replace_policy, after.update_replace_policy],
        ]
      : [];
  const listed = (change?.properties ?? []).flatMap(({ attribute, before: was, after: is }): readonly Compared[] =>
    POLICIES.test(attribute) ? [[attribute, was, is ?? (was === undefined ? 'untold' : undefined)]] : [],
  );
  const found = [...templated, ...listed].flatMap(([name, was, is]) => {
    // The resource doesn't change: whatever no policy means for it, it means it still.
    if (!change && was === undefined && is === undefined) return [];
    const [least, most] = name === 'DeletionPolicy' ? [isDefault, wasDefault] : [0, 0];
    // AWS lists it as changing and doesn't tell the values: it may have been the strongest.
    const strongest = is === 'untold' ? 2 : strength(was, most, 'before');
    if (strength(is, least, 'after') >= strongest) return [];
    const shown = (policy: string | undefined, byDefault: number) =>
      policy ?? (byDefault > 0 ? 'none (Snapshot by default)' : 'none');
    return [`${name} ${shown(was, most)} becomes ${shown(is, least)}`];
  });
  return [...new Set(found)];
}
