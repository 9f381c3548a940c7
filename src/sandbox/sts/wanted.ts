import type { Region } from '../cloud.ts';
import { findStack, stackNameOf } from '../cloudformation/stack.ts';
import { volumesTaken } from '../ec2/snapshots.ts';
import { instancesIn } from '../ec2/state.ts';
import type { Wanted } from '../iam/policy.ts';
import { keyWants } from './disk-keys.ts';

interface Place {
  readonly accountId: string;
  readonly region: Region;
}

type Input = Readonly<Record<string, unknown>>;

/** The kinds of EC2 whose ARN has no account. */
const ACCOUNTLESS = new Set(['image', 'snapshot']);

const KINDS: Readonly<Record<string, string>> = {
  i: 'instance',
  vol: 'volume',
  snap: 'snapshot',
  ami: 'image',
  sg: 'security-group',
  vpc: 'vpc',
  subnet: 'subnet',
  eipalloc: 'elastic-ip',
  eni: 'network-interface',
  lt: 'launch-template',
};

/** Which members name things that an action is authorised on, and what it makes. */
interface Authorised {
  readonly on: readonly string[];
  readonly makes?: readonly string[];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
const EC2: Readonly<Record<string, Authorised>> = {
  AttachVolume: { on: ['InstanceId', 'VolumeId'] },
  AuthorizeSecurityGroupIngress: { on: ['GroupId'] },
  CreateImage: { on: ['InstanceId'], makes: ['image', 'snapshot'] },
  CreateSecurityGroup: { on: ['VpcId'], makes: ['security-group'] },
  CreateSnapshot: { on: ['VolumeId'], makes: ['snapshot'] },
  CreateTags: { on: ['Resources'] },
  CreateVolume: { on: ['SnapshotId'], makes: ['volume'] },
  DeleteSecurityGroup: { on: ['GroupId'] },
  DeleteSnapshot: { on: ['SnapshotId'] },
  DeleteTags: { on: ['Resources'] },
  DeleteVolume: { on: ['VolumeId'] },
  DeregisterImage: { on: ['ImageId'] },
  DetachVolume: { on: ['InstanceId', 'VolumeId'] },
  ModifyInstanceAttribute: { on: ['InstanceId'] },
  RebootInstances: { on: ['InstanceIds'] },
  ReleaseAddress: { on: ['AllocationId'] },
  RevokeSecurityGroupIngress: { on: ['GroupId'] },
  RunInstances: {
    on: ['ImageId', 'SecurityGroupIds', 'SubnetId'],
    makes: ['instance', 'network-interface', 'volume'],
  },
  StartInstances: { on: ['InstanceIds'] },
  StopInstances: { on: ['InstanceIds'] },
  TerminateInstances: { on: ['InstanceIds'] },
};

/** CloudFormation's requests about one stack; with those that go on, it works on its resources as the caller. */
const STACK: Readonly<Record<string, 'goes on' | 'is over'>> = {
  CancelUpdateStack: 'goes on',
  ContinueUpdateRollback: 'goes on',
  DeleteChangeSet: 'is over',
  DeleteStack: 'goes on',
  ExecuteChangeSet: 'goes on',
  RollbackStack: 'goes on',
  SetStackPolicy: 'is over',
  UpdateTerminationProtection: 'is over',
};

/** Services whose actions have another name before the colon. */
const PREFIXES: Readonly<Record<string, string>> = { 'auto-scaling': 'autoscaling', tagging: 'tag' };

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  ListObjectVersions: 'ListBucketVersions',
  ListObjectsV2: 'ListBucket',
};

/** Of what isn't listed, nothing is known but its name: a policy for certain things doesn't allow it. */
export function wantedBy(service: string, action: string, input: object, place: Place): readonly Wanted[] {
  // Of who may be a role, its trust decides.
  if (service === 'sts' && (action === 'GetCallerIdentity' || action === 'AssumeRole')) return [];
  const given = input as Input;
  const known = service === 'ec2' ? EC2[action] : undefined;
  if (service === 'ec2' && action === 'CreateSnapshots') return snapshotsWants(given, place);
  if (known) return ec2Wants(action, known, given, place);
  const stack = service === 'cloudformation' ? STACK[action] : undefined;
  if (stack) return stackWants(action, stack, given, place);
  return [{ action: `${PREFIXES[service] ?? service}:${action}`, resource: '*' }];
}

/** @param path `/bucket`, `/bucket/key` */
export function wantedOfBucket(action: string, path: string): readonly Wanted[] {
  return [{ action: `s3:${BUCKET_ACTIONS[action] ?? action}`, resource: `arn:aws:s3:::${path.slice(1)}` }];
}

function ec2Wants(action: string, { on, makes = [] }: Authorised, input: Input, place: Place): readonly Wanted[] {
  const named = on.flatMap((member) => texts(input[member])).map((id) => ec2Arn(kindOf(id), id, place));
  const made = makes.map((kind) => ec2Arn(kind, 'made-now', place));
  const tagged = input.TagSpecifications as readonly { readonly ResourceType?: string }[] | undefined;
  const type = texts(input.InstanceType)[0];
  return [
    ...[...named, ...made].map((resource) => ({
      action: `ec2:${action}`,
      resource,
      ...(type === undefined ? {} : { context: { 'ec2:InstanceType': type } }),
    })),
    ...(tagged ?? []).map(({ ResourceType = '' }) => ({
      action: 'ec2:CreateTags',
      resource: ec2Arn(ResourceType, 'made-now', place),
      context: { 'ec2:CreateAction': action },
    })),
    ...(action === 'RunInstances' ? launchWants(input, place) : []),
    ...keyWants(action, input, place.region, place.accountId),
  ];
}

/** The instance, each of its volumes that is meant, and what is made. */
function snapshotsWants(input: Input, place: Place): readonly Wanted[] {
  const { InstanceId } = (input.InstanceSpecification ?? {}) as Input;
  const known = instancesIn(place.region).has(String(InstanceId));
  const volumes = known ? volumesTaken(place.region, input).map(({ id }) => id) : [];
  const on = { on: ['InstanceId', 'VolumeId'], makes: ['snapshot'] };
  return ec2Wants('CreateSnapshots', on, { ...input, InstanceId, VolumeId: volumes }, place);
}

function launchWants(input: Input, place: Place): readonly Wanted[] {
  const template = texts((input.LaunchTemplate as Input | undefined)?.LaunchTemplateId)[0];
  const key = texts(input.KeyName)[0];
  const asked = (kind: string, id: string): Wanted => ({
    action: 'ec2:RunInstances',
    resource: ec2Arn(kind, id, place),
  });
  return [
    ...(template === undefined ? [] : [asked('launch-template', template)]),
    ...(key === undefined ? [] : [asked('key-pair', key)]),
    ...(input.IamInstanceProfile === undefined
      ? []
      : [
          {
            action: 'iam:PassRole',
            resource: `arn:aws:iam::${place.accountId}:role/of-the-profile`,
            context: { 'iam:PassedToService': 'ec2.amazonaws.com' },
          },
        ]),
  ];
}

function stackWants(
  action: string,
  then: 'goes on' | 'is over',
  { StackName, ChangeSetName, RoleARN }: Input,
  { accountId, region }: Place,
): readonly Wanted[] {
  const name = String(StackName ?? '');
  const unknown = `arn:aws:cloudformation:${region.name}:${accountId}:stack/${stackNameOf(name)}/none`;
  return [
    {
      action: `cloudformation:${action}`,
      resource: findStack(region, name)?.id ?? unknown,
      context: {
        ...(ChangeSetName === undefined ? {} : { 'cloudformation:ChangeSetName': String(ChangeSetName) }),
        ...(RoleARN === undefined ? {} : { 'cloudformation:RoleArn': String(RoleARN) }),
      },
    },
    ...(then === 'is over'
      ? []
      : [{ action: 'any:Action', resource: '*', context: { 'aws:CalledVia': ['cloudformation.amazonaws.com'] } }]),
  ];
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function kindOf(id: string): string {
  return KINDS[id.slice(0, id.lastIndexOf('-'))] ?? 'unknown';
}

function ec2Arn(kind: string, id: string, { accountId, region }: Place): string {
  return `arn:aws:ec2:${region.name}:${ACCOUNTLESS.has(kind) ? '' : accountId}:${kind}/${id}`;
}
