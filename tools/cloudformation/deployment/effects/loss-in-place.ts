import { type Json, stableJson } from '../../../../src/kernel/digest.ts';
import type { ResourceChange } from '../../../ports/cloudformation.ts';
import { changedSettings, isOff, isSettings, isUntold, member, type Setting } from './resource-settings.ts';

/** What an in-place change destroys: `replace` what is swapped for new, `delete` what is gone. */
export interface Loss {
  readonly effect: 'replace' | 'delete';
  readonly why: string;
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html and its kind: data is deleted as it
 * ages.
 */
const LIFECYCLES = /^(LifecycleConfiguration|LifecyclePolic(y|ies)|LifecyclePolicyText)$/;

/** Lists in which an entry less is a copy or an index that is deleted. */
const COPIES =
  /^(Replicas|ReplicaRegions|ReplicationRegions|ReplicationSpecifications|Regions|GlobalSecondaryIndexes|LocalSecondaryIndexes)$/;
const COPY_NAMES = ['Region', 'RegionName', 'IndexName'];

/**
 * What makes new instances of old ones, one after the other.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
 */
const ROLLING: Readonly<Record<string, RegExp>> = {
  'AWS::AutoScaling::AutoScalingGroup':
    /^(LaunchTemplate|LaunchConfigurationName|MixedInstancesPolicy|VPCZoneIdentifier|AvailabilityZones|InstanceId|PlacementGroup|MaxInstanceLifetime|InstanceRefresh\w*)$/,
  'AWS::EKS::Nodegroup': /^(LaunchTemplate|Version|ReleaseVersion|AmiType|InstanceTypes|DiskSize)$/,
  'AWS::ElasticBeanstalk::Environment': /^(OptionSettings|PlatformArn|SolutionStackName|TemplateName)$/,
  'AWS::Batch::ComputeEnvironment': /^ComputeResources$/,
};

/** Does a change that replaces nothing by its own account destroy something all the same? */
export function lostInPlace(change: ResourceChange): readonly Loss[] {
  const rolling = Object.hasOwn(ROLLING, change.type) ? ROLLING[change.type] : undefined;
  return changedSettings(change).flatMap((setting): readonly Loss[] => {
    const { name, path, label, before } = setting;
    if (rolling?.test(path))
      return [{ effect: 'replace', why: `${label} changes: instances that run may be terminated for new ones` }];
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html#cfn-dynamodb-table-attributedefinitions
    if (change.type.startsWith('AWS::DynamoDB::') && path === 'AttributeDefinitions' && redefines(setting))
      return [{ effect: 'replace', why: `${label} gives an attribute another type: the table is replaced` }];
    const loss =
      (LIFECYCLES.test(name) && expires(setting) ? `${label} deletes data as it ages` : undefined) ??
      (/^TimeToLive/.test(name) && startsToLive(setting) ? `${label} deletes items as they age` : undefined) ??
      (COPIES.test(name) && before !== undefined && losesCopy(setting)
        ? `${label} loses an entry, which is deleted`
        : undefined);
    return loss === undefined ? [] : [{ effect: 'delete', why: loss }];
  });
}

/** An attribute that was there is another now; one more, or one less, is none of that. */
function redefines({ before, after }: Setting): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return after !== undefined;
  const was = new Map(before.map((one) => [stableJson(member(one, 'AttributeName')), stableJson(one)]));
  return after.some((one) => {
    const known = was.get(stableJson(member(one, 'AttributeName')));
    return known !== undefined && known !== stableJson(one);
  });
}

/** Rules that were there before don't count; neither do those that only move data to another storage class. */
function expires({ before, after }: Setting): boolean {
  const known = new Set(rulesOf(before).map(stableJson));
  return rulesOf(after).some(
    (rule) => !known.has(stableJson(rule)) && (/expir/i.test(stableJson(rule)) || isUntold(rule)),
  );
}

function rulesOf(lifecycle: Json | undefined): readonly Json[] {
  if (lifecycle === undefined) return [];
  const rules = member(lifecycle, 'Rules') ?? lifecycle;
  return Array.isArray(rules) ? rules : [rules];
}

/** `{"AttributeName":"expires","Enabled":true}` */
function startsToLive({ name, after }: Setting): boolean {
  if (name !== 'TimeToLiveSpecification') return after !== undefined && !isOff(after);
  return after !== undefined && !(isSettings(after) && isOff(after.Enabled) && after.Enabled !== undefined);
}

function losesCopy({ before, after }: Setting): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return true;
  const left = new Set(after.map(nameOf));
  return before.some((copy: Json) => !left.has(nameOf(copy)));
}

function nameOf(copy: Json): string {
  const name = COPY_NAMES.map((key) => member(copy, key)).find((value) => value !== undefined);
  return stableJson(name ?? copy);
}
