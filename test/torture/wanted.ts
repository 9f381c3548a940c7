import type { CloudRequest } from '../scenes/cloud.ts';
import { OTHERS, type Subject } from './kind.ts';

/* What AWS has to be asked for each change: written down by hand, so that a tool that asks for more is seen. */

/** A request of ours that changes something, as AWS had it. */
export interface Asked extends Pick<CloudRequest, 'at' | 'action' | 'region' | 'user_identity'> {
  /** Without what names the ticket and its intent. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What of it names the ticket, and what its intent. */
  readonly tickets: readonly string[];
  readonly tokens: readonly string[];
}

const READS = /^(Describe|Get|List|Lookup|AssumeRole$)/;
const OF_OTHERS = ':assumed-role/others/';
const TICKET_TAG = 'holdshort:ticket';
const INTENT_TAG = 'holdshort:request';

interface Tagged {
  readonly Tags?: readonly { readonly Key: string; readonly Value?: string }[];
}

/** @returns undefined for what others asked, and for what changes nothing */
export function changeIn({ at, action, region, user_identity: by, parameters }: CloudRequest): Asked | undefined {
  if (by?.accessKeyId === OTHERS.credentials.accessKeyId || by?.arn?.includes(OF_OTHERS)) return undefined;
  if (READS.test(action)) return undefined;
  const { ClientToken, ClientRequestToken, TagSpecifications, ...rest } = parameters;
  const specs = (TagSpecifications ?? []) as readonly Tagged[];
  const tags = specs.flatMap(({ Tags = [] }) => Tags);
  const valuesOf = (name: string) => tags.flatMap(({ Key, Value }) => (Key === name ? [String(Value)] : []));
  const others = specs
    .map((spec) => ({
      ...spec,
      Tags: (spec.Tags ?? []).filter(({ Key }) => Key !== TICKET_TAG && Key !== INTENT_TAG),
    }))
    .filter(({ Tags }) => Tags.length > 0);
  const tokens = [ClientToken, ClientRequestToken].flatMap((token) => (token === undefined ? [] : [String(token)]));
  return {
    ...{ at, action, region, ...(by && { user_identity: by }) },
    parameters: others.length > 0 ? { ...rest, TagSpecifications: others } : rest,
    tickets: [...valuesOf(TICKET_TAG), ...(by?.sessionContext ? [by.sessionContext.sourceIdentity ?? ''] : [])],
    tokens: [...tokens, ...valuesOf(INTENT_TAG)],
  };
}

/** Where only the beginning or the middle is known before, AWS makes up the rest. */
type Wanted = Readonly<Record<string, unknown>>;
type Args = any;
interface About {
  readonly args: Args;
  /** What stands in this of its requests. */
  readonly mark: string;
  readonly account: string;
  readonly ticket: string;
}

const instances = ({ args: { instance_ids, instance_id } }: About): Wanted => ({
  InstanceIds: instance_ids ?? [instance_id],
});
const stack = ({ args, account }: About): Wanted => ({
  StackName: new RegExp(`^arn:aws:cloudformation:eu-west-1:${account}:stack/${args.stack_name}/[0-9a-f-]{36}$`),
});
const tagged = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const specified = (tags: Readonly<Record<string, string>> | undefined, ...types: readonly string[]): Wanted =>
  tags ? { TagSpecifications: types.map((ResourceType) => ({ ResourceType, Tags: tagged(tags) })) } : {};

const BY_ACTION: Readonly<Record<string, (about: About) => Wanted>> = {
  StopInstances: instances,
  StartInstances: instances,
  TerminateInstances: instances,
  RebootInstances: instances,
  ModifyInstanceAttribute: ({ args: { instance_id, instance_type } }) => ({
    InstanceId: instance_id,
    ...(instance_type ? { InstanceType: { Value: instance_type } } : { DisableApiTermination: { Value: true } }),
  }),
  CreateTags: ({ args }) => ({ Resources: args.resources, Tags: tagged(args.tags) }),
  DeleteTags: ({ args }) => ({ Resources: args.resources, Tags: args.tag_keys.map((Key: string) => ({ Key })) }),
  RunInstances: ({ args }) => ({
    ...{ MinCount: 1, MaxCount: 1, ImageId: args.image_id, InstanceType: args.instance_type },
    ...(args.security_group_ids
      ? {
          NetworkInterfaces: [
            {
              ...{ DeviceIndex: 0, AssociatePublicIpAddress: args.associate_public_ip_address },
              ...{ SubnetId: args.subnet_id, Groups: args.security_group_ids },
            },
          ],
        }
      : { SubnetId: args.subnet_id }),
    ...(args.block_devices && {
      BlockDeviceMappings: args.block_devices.map((one: Args) => ({
        DeviceName: one.device,
        Ebs: { VolumeSize: one.size, VolumeType: one.volume_type, DeleteOnTermination: one.delete_on_termination },
      })),
    }),
    ...specified(args.tags, 'instance', 'volume'),
  }),
  CreateSnapshot: ({ mark }) => ({ VolumeId: mark }),
  CreateSnapshots: ({ mark }) => ({ InstanceSpecification: { InstanceId: mark, ExcludeBootVolume: false } }),
  DeleteSnapshot: ({ mark }) => ({ SnapshotId: mark }),
  CreateVolume: ({ args }) => ({
    ...{ AvailabilityZone: args.availability_zone, Size: args.size, VolumeType: args.volume_type ?? 'gp3' },
    ...(args.snapshot_id && { SnapshotId: args.snapshot_id }),
    ...specified(args.tags, 'volume'),
  }),
  DeleteVolume: ({ mark }) => ({ VolumeId: mark }),
  AttachVolume: ({ args }) => ({ VolumeId: args.volume_id, InstanceId: args.instance_id, Device: args.device }),
  DetachVolume: ({ mark }) => ({ VolumeId: mark, InstanceId: /^i-[0-9a-f]{17}$/ }),
  CreateImage: ({ args }) => ({ InstanceId: args.instance_id, Name: args.name, NoReboot: true }),
  DeregisterImage: ({ mark }) => ({ ImageId: mark }),
  CreateSecurityGroup: ({ args }) => ({
    ...{ GroupName: args.group_name, Description: args.description, VpcId: args.vpc_id },
  }),
  DeleteSecurityGroup: ({ mark }) => ({ GroupId: mark }),
  AuthorizeSecurityGroupIngress: ({ mark }) => ({
    GroupId: mark,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
  }),
  RevokeSecurityGroupIngress: ({ mark }) => ({ GroupId: mark, SecurityGroupRuleIds: [/^sgr-[0-9a-f]{17}$/] }),
  ReleaseAddress: ({ mark }) => ({ AllocationId: mark }),
  DeleteStack: stack,
  CancelUpdateStack: stack,
  ContinueUpdateRollback: stack,
  RollbackStack: stack,
  ExecuteChangeSet: (about) => ({
    ...stack(about),
    ChangeSetName: new RegExp(`:changeSet/${changeSetOf(about.ticket)}/[0-9a-f-]{36}$`),
  }),
  UpdateTerminationProtection: (about) => ({ ...stack(about), EnableTerminationProtection: true }),
  SetStackPolicy: (about) => ({ ...stack(about), StackPolicyBody: about.args.stack_policy_body }),
};

/** The change set that planning made for a ticket. */
export function changeSetOf(ticket: string): string {
  return ticket.replace('tkt_', 'holdshort-');
}

const ACCOUNT = '123456789012';

/** Is it this request of this ticket, and nothing besides? @param step from 0 */
export function isWanted(one: Asked, { subject, id }: { subject: Subject; id: string }, action: string, step: number) {
  const { args, mark, marks = [], account = ACCOUNT } = subject;
  const wanted = BY_ACTION[action];
  if (!wanted) throw new Error(`it is not written down what ${action} has to ask for`);
  return (
    one.action === action &&
    one.region === (args.region ?? 'eu-west-1') &&
    (subject.account === undefined || one.user_identity?.arn?.includes(`:${account}:`) === true) &&
    isLike(one.parameters, wanted({ args, mark: marks[step] ?? mark, account, ticket: id }))
  );
}

function isLike(is: unknown, wanted: unknown): boolean {
  if (wanted instanceof RegExp) return typeof is === 'string' && wanted.test(is);
  if (typeof wanted !== 'object' || wanted === null || typeof is !== 'object' || is === null) return is === wanted;
  const [some, all] = [is as Wanted, wanted as Wanted];
  const [names, others] = [Object.keys(all), Object.keys(some)];
  return names.length === others.length && names.every((name) => isLike(some[name], all[name]));
}
