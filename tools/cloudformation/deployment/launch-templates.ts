import { digestOf, type Json, sha256, stableJson } from '../../../src/kernel/digest.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Target } from '../../../src/kernel/target.ts';
import type { Readers } from '../../define.ts';
import { type Carried, carriedBy, groupsOf, placeTargets } from '../../ec2/instances/launch-impact.ts';
import type { LaunchSubnet, LaunchTemplate, PresentLaunchTemplate } from '../../ports/ec2-launch.ts';
import { isMasked } from '../../ports/masks.ts';
import { isSettings, isUntold, propertiesOf } from './effects/resource-settings.ts';
import type { Level, Levels } from './levels.ts';
import type { Reached } from './reached.ts';

/** What the launch templates that are named in a change set bring to its plan. */
interface Launched {
  /** As whom their instances act. */
  readonly reached: readonly Reached[];
  readonly impact: readonly Impact[];
  readonly targets: readonly Target[];
  /** Changes with all that they say; null where none is named. */
  readonly digest: string | null;
}

/** A launch template as a property names it, and the resource that does: `Outer/LogicalId`. */
interface Use {
  readonly place: string;
  readonly named: string;
  readonly version: string;
}

const TYPE = 'AWS::EC2::LaunchTemplate';
/** Each takes up to three requests. */
const MOST = 10;

/**
 * What is started from a launch template brings what that says: another's identity, groups and user data. The attacker
 * names an administrator's template in a stack of its own, whose change set shows no more than an id. So it is looked
 * up and judged as `ec2_run_instances` does it. A template of the stack's own is judged where it stands, and one whose
 * id only the execution will tell is by its property.
 */
export async function launchTemplatesIn(levels: Levels, readers: Readers): Promise<Launched> {
  const own = new Set(
    levels.flatMap(({ resources }) =>
      resources.flatMap(({ type, physical_id }) => (type === TYPE ? [physical_id] : [])),
    ),
  );
  const uses = levels.flatMap(usesIn).filter(({ named }) => !own.has(named));
  const impact: Impact[] = [];
  const found: Found[] = [];
  for (const [at, use] of uses.entries()) {
    const now = at < MOST && isReadable(use) ? await readers.ec2.launchTemplateNow(use.named, use.version) : undefined;
    if (!now) impact.push(unread(use));
    else if (!own.has(now.launch_template_id))
      found.push({ ...now, use, ...(await carriedFrom(now.template, readers)) });
  }
  const groups = groupsOf(found.flatMap(({ carried }) => carried.interfaces));
  const named_by = await readers.ec2.referencing(groups.map(({ group_id }) => group_id));
  for (const { use, launch_template_id: id, version, template, carried } of found) {
    const data = template.has_user_data ? ', which runs user data that was not looked at' : '';
    const by = `${use.place}: started from the launch template ${id} version ${version}${data}`;
    const lines = carriedBy({ ...carried, named_by }, id, readers.caller);
    impact.push(...lines.map((line) => ({ ...line, detail: `${by}: ${line.detail}` })));
  }
  const targets = placeTargets(
    found.flatMap(({ subnets }) => subnets),
    groups,
    readers.caller,
  );
  const seen = found.map(({ launch_template_id: id, version, sha256: digest }) => `${id} ${version} ${digest}`);
  const rules = groups.map(
    ({ group_id: id, ingress }) => `${id} ${stableJson([[...ingress], named_by.get(id) ?? []])}`,
  );
  const digest = uses.length === 0 ? null : digestOf('holdshort/guard/v1', [...seen, ...rules].sort().join('\n'));
  return { impact, targets, digest, reached: found.flatMap(actingAs) };
}

/** A launch template as it is now, and what uses it. */
interface Found extends PresentLaunchTemplate {
  readonly use: Use;
  readonly carried: Omit<Carried, 'named_by'>;
  readonly subnets: readonly LaunchSubnet[];
}

function actingAs({ use, carried: { profile } }: Found): readonly Reached[] {
  if (profile === undefined) return [];
  const path = `${use.place}.LaunchTemplate.IamInstanceProfile`;
  return [{ name: profile, type: 'AWS::IAM::InstanceProfile', path, by: TYPE, how: 'acts as' }];
}

/** Those that a change names and didn't name before, once each. */
function usesIn({ path, changeSet }: Level): readonly Use[] {
  return changeSet.changes.flatMap(({ action, type, logical_id, before_context, after_context }) => {
    if (type === TYPE || (action !== 'Add' && action !== 'Modify')) return [];
    const key = ({ named, version }: Omit<Use, 'place'>) => stableJson([named, version]);
    const before = new Set(namesIn(propertiesOf(before_context)).map(key));
    const after = new Map(namesIn(propertiesOf(after_context)).map((one) => [key(one), one]));
    const place = [...path, logical_id].join('/');
    return [...after].flatMap(([text, one]) => (before.has(text) ? [] : [{ ...one, place }]));
  });
}

/**
 * Whatever a type calls the property around it, its members have these names: `LaunchTemplateId` and
 * `LaunchTemplateName`, or in a `LaunchTemplate` also `Id` and `Name`.
 */
function namesIn(value: Json | undefined, isTemplate = false): readonly Omit<Use, 'place'>[] {
  if (Array.isArray(value)) return value.flatMap((one: Json) => namesIn(one));
  if (!isSettings(value)) return [];
  const { LaunchTemplateId, LaunchTemplateName, Id, Name, Version } = value;
  const named = LaunchTemplateId ?? LaunchTemplateName ?? (isTemplate ? (Id ?? Name) : undefined);
  const version = Version === undefined || Version === '' ? '$Default' : String(Version);
  const here = typeof named === 'string' && !isUntold(named) && !isMasked(named) ? [{ named, version }] : [];
  return [...here, ...Object.entries(value).flatMap(([key, inner]) => namesIn(inner, key === 'LaunchTemplate'))];
}

function isReadable({ named, version }: Use): boolean {
  return /^[\w()./-]{3,128}$/.test(named) && /^(\$Latest|\$Default|\d{1,10})$/.test(version);
}

/** Where it lands, the resource around it may say: an address that isn't ruled out counts as public. */
async function carriedFrom(template: LaunchTemplate, { ec2 }: Readers): Promise<Pick<Found, 'carried' | 'subnets'>> {
  const { interfaces, security_group_ids, security_group_names, iam_instance_profile: profile } = template;
  const wanted = interfaces.length > 0 ? interfaces : [{ security_group_ids, ipv6: false }];
  const subnets: LaunchSubnet[] = [];
  const made: Carried['interfaces'][number][] = [];
  for (const { subnet_id, security_group_ids: ids, public_ipv4, ipv6 } of wanted) {
    const subnet = subnet_id === undefined ? undefined : await ec2.launchSubnet(subnet_id);
    if (subnet) subnets.push(subnet);
    const is_public = ipv6 || (subnet?.ipv6 ?? false) || (public_ipv4 ?? subnet?.public_ipv4 ?? true);
    made.push({ groups: await ec2.launchGroups([...ids].sort()), is_public });
  }
  const unclear = [
    ...interfaces.flatMap(({ network_interface_id: eni }) =>
      eni === undefined ? [] : [`the network interface ${eni}, with its groups and addresses`],
    ),
    ...security_group_names.map((name) => `the security group named ${name}`),
  ];
  return { carried: { ...(profile === undefined ? {} : { profile }), interfaces: made, unclear }, subnets };
}

function unread({ place, named, version }: Use): Impact {
  const name = bounded(named, 128, sha256);
  return {
    resource: name,
    type: TYPE,
    effect: 'unknown',
    detail: `${place}: started from the launch template ${name} version ${bounded(version, 20, sha256)}, which was not found or not looked at`,
    recoverable: false,
  };
}
