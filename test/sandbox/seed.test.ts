import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { parseSeed } from '../../src/sandbox/seed.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { cloudUnderTest } from './clients.ts';

const SEED = `
region: eu-west-1
stacks:
  - name: orders
    template:
      Parameters: { Size: { Type: Number, Default: 10 } }
      Resources:
        Data: { Type: AWS::EC2::Volume, Properties: { AvailabilityZone: eu-west-1a, Size: { Ref: Size } } }
    parameters: { Size: "30" }
    tags: { env: production }
    terminationProtection: true
instances:
  - { instanceType: m5.large, count: 2, tags: { Name: web } }
  - { state: stopped }
`;

test('a seed is there, settled, when the sandbox starts; what comes later takes its time', async () => {
  const cloud = await cloudUnderTest({ seed: parseSeed(SEED) });
  const { Stacks } = await cloud.cf.send(new DescribeStacksCommand({ StackName: 'orders' }));
  expect(Stacks![0]).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    EnableTerminationProtection: true,
    Tags: [{ Key: 'env', Value: 'production' }],
    Parameters: [{ ParameterKey: 'Size', ParameterValue: '30' }],
  });
  expect(Stacks![0]!.CreationTime!.getTime()).toBeLessThan(cloud.now());
  const { Reservations } = await cloud.ec2.send(new DescribeInstancesCommand({}));
  const states = Reservations!.map(({ Instances }) => Instances!.map(({ State }) => State!.Name));
  expect(states).toEqual([['running', 'running'], ['stopped']]);
});

test('a seed may be JSON, with a template as text', () => {
  const seed = { stacks: [{ name: 'a', template: 'Resources: { A: { Type: "AWS::S3::Bucket" } }' }] };
  expect(parseSeed(JSON.stringify(seed))).toEqual(seed);
});

test.each([
  ['stacks: [{ name: a, template: x, colour: red }]', 'stacks.0.colour'],
  ['instance: []', 'instance'],
  ['instances: [{ count: many }]', 'instances.0.count'],
  ['stacks: [{ name: "-a", template: x }]', 'stacks.0.name'],
])('what is wrong in a seed is named: %s', (text, key) => {
  expect(() => parseSeed(text)).toThrow(`sandbox seed: ${key}: `);
});

test('a seed whose stack cannot be made stops the start', async () => {
  const bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'twice' } };
  const seed = { stacks: [{ name: 'clash', template: { Resources: { A: bucket, B: bucket } } }] };
  await expect(startSandbox({ seed })).rejects.toThrow('sandbox seed: stack clash: twice already exists');
});

test('with the clock of the machine and no latency, everything is done by the next request', async () => {
  const cloud = await cloudUnderTest({ now: Date.now, latencyMs: 0 });
  const TemplateBody = 'Resources: { A: { Type: AWS::S3::Bucket }, B: { Type: AWS::S3::Bucket, DependsOn: A } }';
  await cloud.cf.send(new CreateStackCommand({ StackName: 'now', TemplateBody }));
  const { Stacks } = await cloud.cf.send(new DescribeStacksCommand({ StackName: 'now' }));
  expect(Stacks![0]!.StackStatus).toBe('CREATE_COMPLETE');
});
