import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { CreateSnapshotCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { NOTHING_HELD, setScene } from '../scenes/whole.ts';

/* A stack's kit has what EC2 tells of its things: what was changed by hand is in no template. */

const INNER = 'https://templates.example/inner.json';
const DATA = { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: 'eu-west-1a', Size: 9 } };
const TEMPLATE = {
  Resources: {
    One: { Type: 'AWS::EC2::Instance', Properties: { ImageId: 'ami-0abcdef1234567890' } },
    // In the embedded cloud it is a name: EC2 doesn't know it.
    Gone: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'web' } },
    Queue: { Type: 'AWS::SQS::Queue' },
    Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: INNER } },
  },
};

test('its instances and volumes as they are, in nested stacks too; of one that is gone that it is', async () => {
  const seed = {
    stacks: [{ name: 'shop', template: TEMPLATE }],
    templates: { [INNER]: { Resources: { Data: DATA } } },
  };
  await using scene = await setScene(seed, { config: NOTHING_HELD, latencyMs: 0 });
  const idsIn = async (StackName: string) => {
    const { StackResources = [] } = await scene.cloudformation.send(new DescribeStackResourcesCommand({ StackName }));
    return Object.fromEntries(StackResources.map((one) => [one.LogicalResourceId, one.PhysicalResourceId ?? '']));
  };
  const { One = '', Gone = '', Inner = '' } = await idsIn('shop');
  const { Data = '' } = await idsIn(Inner);
  const Tags = [{ Key: 'aws:backup:source-resource', Value: `arn:aws:ec2:eu-west-1:123456789012:volume/${Data}` }];
  const TagSpecifications = [{ ResourceType: 'snapshot' as const, Tags }];
  const { SnapshotId } = await scene.ec2.send(new CreateSnapshotCommand({ VolumeId: Data, TagSpecifications }));
  const executor = await scene.executing();
  const ticket = await scene.ask('cloudformation_delete_stack', { stack_name: 'shop' });
  expect(await scene.settled(ticket.id)).toBe('succeeded');
  await executor.stop();
  const { settings } = JSON.parse((await scene.place.cli(['restore', ticket.id, '--show'])).stdout).as_it_was;
  expect(settings.map(({ type, physical_id }: any) => [type, physical_id]).sort()).toEqual(
    [
      ['AWS::EC2::Instance', One],
      ['AWS::EC2::SecurityGroup', Gone],
      ['AWS::EC2::Volume', Data],
    ].sort(),
  );
  const of = (id: string) => settings.find(({ physical_id }: any) => physical_id === id);
  expect(of(One)).toMatchObject({
    described: [{ InstanceId: One, State: { Name: 'running' }, BlockDeviceMappings: [{ DeviceName: '/dev/xvda' }] }],
    user_data: { [One]: null },
    recovery_points: [],
  });
  expect(of(Data)).toMatchObject({ described: [{ VolumeId: Data, Size: 9 }], recovery_points: [{ SnapshotId }] });
  expect(of(Gone)).toEqual({
    ...{ type: 'AWS::EC2::SecurityGroup', physical_id: Gone },
    left_out: expect.stringContaining(Gone),
  });
});
