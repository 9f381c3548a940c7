import * as sdk from '@aws-sdk/client-ec2';
import { type Kind, numbered, SNAPSHOT_MS, type Subject, type There, times } from '../kind.ts';

/* Changes of instances and of their tags, and those that make instances. */

export async function instancesIn({ ec2 }: There): Promise<readonly sdk.Instance[]> {
  const { Reservations = [] } = await ec2.send(new sdk.DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

type State = 'running' | 'stopped';
const ofInstances = (count: number, state: State = 'running') => ({ instances: [{ count, state }] });

async function eachInstance(there: There, args: (id: string) => Subject['args']): Promise<readonly Subject[]> {
  return (await instancesIn(there)).map(({ InstanceId: mark = '' }) => ({ mark, args: args(mark) }));
}

/** A kind whose effect an instance's own description tells. */
function told(
  kind: Pick<Kind, 'name' | 'tool' | 'actions'>,
  { from = 'running', args }: { readonly from?: State; readonly args: (id: string) => Subject['args'] },
  is: (instance: sdk.Instance) => boolean,
): Kind {
  return {
    ...kind,
    seed: (count) => ofInstances(count, from),
    prepare: (there) => eachInstance(there, args),
    async happened(there, subjects) {
      const known = new Map((await instancesIn(there)).map((one) => [one.InstanceId, one]));
      return subjects.map(({ mark }) => times(is(known.get(mark) ?? {})));
    },
  };
}

const several = (id: string) => ({ instance_ids: [id] });
const one = (tool: string, action: string) => ({ name: tool, tool, actions: [action] });
const hasTag = ({ Tags = [] }: sdk.Instance, key: string) => Tags.some(({ Key }) => Key === key);

const PURPOSE = { Key: 'purpose', Value: 'none' };

const untagged: Kind = {
  ...told(
    one('ec2_delete_tags', 'DeleteTags'),
    { args: (id) => ({ resources: [id], tag_keys: ['purpose'] }) },
    (instance) => instance.InstanceId !== undefined && !hasTag(instance, 'purpose'),
  ),
  seed: (count) => ({ instances: [{ count, tags: { purpose: PURPOSE.Value } }] }),
};

const protectedOnes: Kind = {
  name: 'ec2_modify_instance_attribute',
  tool: 'ec2_modify_instance_attribute',
  actions: ['ModifyInstanceAttribute'],
  seed: (count) => ofInstances(count),
  prepare: (there) => eachInstance(there, (id) => ({ instance_id: id, disable_api_termination: true })),
  happened: async ({ ec2 }, subjects) =>
    await Promise.all(
      subjects.map(async ({ mark: InstanceId }) => {
        const asked = new sdk.DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'disableApiTermination' });
        return times((await ec2.send(asked)).DisableApiTermination?.Value === true);
      }),
    ),
};

const launched: Kind = {
  name: 'ec2_run_instances',
  tool: 'ec2_run_instances',
  actions: ['RunInstances'],
  seed: () => ofInstances(1),
  async prepare(there, count) {
    const [there_is] = await instancesIn(there);
    const launch = { image_id: there_is?.ImageId, instance_type: 't3.micro', subnet_id: there_is?.SubnetId };
    return numbered('launched', count).map((Name) => ({ mark: Name, args: { ...launch, tags: { Name } } }));
  },
  async happened(there, subjects) {
    const names = (await instancesIn(there)).map(({ Tags }) => Tags?.find(({ Key }) => Key === 'Name')?.Value);
    return subjects.map(({ mark }) => names.filter((name) => name === mark).length);
  },
};

export const INSTANCES: readonly Kind[] = [
  told(one('ec2_stop_instances', 'StopInstances'), { args: several }, ({ State }) => State?.Name === 'stopped'),
  told(
    one('ec2_start_instances', 'StartInstances'),
    { from: 'stopped', args: several },
    ({ State }) => State?.Name === 'running',
  ),
  told(
    one('ec2_terminate_instances', 'TerminateInstances'),
    { args: several },
    ({ State }) => State?.Name === 'terminated',
  ),
  {
    ...told(
      {
        name: 'ec2_terminate_instances, after a snapshot',
        tool: 'ec2_terminate_instances',
        actions: ['CreateSnapshot', 'TerminateInstances'],
      },
      { args: (id) => ({ ...several(id), snapshot_first: true }) },
      ({ State }) => State?.Name === 'terminated',
    ),
    latencyMs: SNAPSHOT_MS,
    prepare: async (there) =>
      (await instancesIn(there)).map(({ InstanceId: mark = '', BlockDeviceMappings: [root] = [] }) => ({
        ...{ mark, marks: [root?.Ebs?.VolumeId ?? '', mark], volumes: [root?.Ebs?.VolumeId ?? ''] },
        args: { ...several(mark), snapshot_first: true },
      })),
  },
  {
    ...one('ec2_reboot_instances', 'RebootInstances'),
    seed: (count) => ofInstances(count),
    prepare: (there) => eachInstance(there, several),
  },
  protectedOnes,
  told(
    {
      name: 'ec2_modify_instance_attribute, in three requests',
      tool: 'ec2_modify_instance_attribute',
      actions: ['StopInstances', 'ModifyInstanceAttribute', 'StartInstances'],
    },
    { args: (id) => ({ instance_id: id, instance_type: 'm5.large' }) },
    ({ InstanceType, State }) => InstanceType === 'm5.large' && State?.Name === 'running',
  ),
  told(
    one('ec2_create_tags', 'CreateTags'),
    { args: (id) => ({ resources: [id], tags: { owner: 'ops' } }) },
    (instance) => hasTag(instance, 'owner'),
  ),
  untagged,
  launched,
];
