import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { startCloud } from '../scenes/cloud.ts';
import { makePlace, REASON, until } from '../scenes/front-door.ts';

const AvailabilityZone = 'eu-west-1a';
const DISK = {
  Disk: { Type: 'AWS::EC2::Volume', DeletionPolicy: 'Retain', Properties: { Size: 8, AvailabilityZone } },
};
/** With nothing that was there before: such a stack is made without anybody being asked. */
const MACHINE = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.9.0.0/16' } },
  Subnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.9.1.0/24', AvailabilityZone },
  },
  Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'its own', VpcId: { Ref: 'Vpc' } } },
  Machine: {
    Type: 'AWS::EC2::Instance',
    Properties: {
      ...{ ImageId: 'ami-12345678', InstanceType: 't3.micro', AvailabilityZone },
      ...{ SubnetId: { Ref: 'Subnet' }, SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] },
    },
  },
};

test('a disk that a deleted stack left behind is not read by a new stack of its name with nobody asked', async () => {
  await using cloud = await startCloud({ stacks: [{ name: 'db', template: { Resources: DISK } }] });
  const config = 'environments: [{ name: development, match: { regions: [eu-west-1] } }]\n';
  await using place = makePlace({ endpoint: cloud.endpoint, config });
  const credentials = { accessKeyId: 'other', secretAccessKey: 'testing' };
  const aws = new CloudFormationClient({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials });
  await aws.send(new DeleteStackCommand({ StackName: 'db' }));
  await until(
    () => aws.send(new DescribeStacksCommand({ StackName: 'db' })).catch(() => undefined),
    (found) => found === undefined,
  );
  aws.destroy();
  const agent = await place.agent(['--operator', 'otto']);
  const template_body = JSON.stringify({ Resources: MACHINE });
  const made = await agent.call('cloudformation_deploy_stack', { stack_name: 'db', template_body, reason: REASON });
  expect(made.ticket, JSON.stringify(made)).toMatchObject({ state: 'succeeded' });
  const [{ volumes }, { instances }] = [
    await agent.call('ec2_describe_volumes'),
    await agent.call('ec2_describe_instances'),
  ];
  const left = volumes.find(({ state }: { state: string }) => state === 'available');
  const attached = await agent.call('ec2_attach_volume', {
    ...{ volume_id: left.volume_id, instance_id: instances[0].instance_id, device: '/dev/sdf', reason: REASON },
  });
  expect(attached.ticket, JSON.stringify(attached)).toMatchObject({ state: 'pending' });
});
