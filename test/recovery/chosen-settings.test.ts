import { CreateSnapshotCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Agent, makePlace, type Place, REASON } from '../scenes/front-door.ts';
import { type Gateway, startGateway } from '../scenes/gateway.ts';
import { agentHere, enroll } from '../scenes/here.ts';

/* What AWS tells of every instance is told as lost where someone chose it, and left out where nobody did. */

let cloud: Cloud;
let gateway: Gateway;
let place: Place;
let agent: Agent;
let ec2: EC2Client;
let id: string;
/** What AWS tells of the instance beside what the cloud does. */
let told = '';

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ instanceType: 'm5.large' }] }, { latencyMs: 0 });
  gateway = await startGateway(cloud.endpoint, {
    DescribeInstances: async (forward) => {
      const { body, ...answer } = await forward();
      return { ...answer, body: body.replaceAll('</instanceId>', `</instanceId>${told}`) };
    },
    DescribeInstanceTypes: async (forward) => {
      const { body, ...answer } = await forward();
      const cpu = '<vCpuInfo><defaultCores>1</defaultCores><defaultThreadsPerCore>2</defaultThreadsPerCore></vCpuInfo>';
      return { ...answer, body: body.replaceAll('</instanceType>', `</instanceType>${cpu}`) };
    },
  });
  place = makePlace({ endpoint: gateway.endpoint, production: 'key' });
  await enroll(place, 'ann');
  agent = await agentHere(place, { operator: 'otto' });
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  ec2 = new EC2Client({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials });
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
  const found = Reservations?.[0]?.Instances?.[0];
  id = found?.InstanceId ?? '';
  for (const { Ebs } of found?.BlockDeviceMappings ?? [])
    await ec2.send(new CreateSnapshotCommand({ VolumeId: Ebs?.VolumeId }));
});
afterAll(async () => {
  ec2.destroy();
  await agent.close();
  await place[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

const xml = (members: Record<string, unknown>): string =>
  Object.entries(members)
    .map(([name, value]) => `<${name}>${typeof value === 'object' ? xml(value as never) : value}</${name}>`)
    .join('');

const settings = (
  cpu: Record<string, unknown>,
  names: Record<string, unknown>,
  attachment: Record<string, unknown>,
): string =>
  xml({
    cpuOptions: cpu,
    privateDnsNameOptions: names,
    networkInterfaceSet: {
      item: {
        networkInterfaceId: 'eni-00000000000000001',
        attachment: {
          ...{
            attachmentId: 'eni-attach-1',
            attachTime: '2026-01-01T00:00:00.000Z',
            deviceIndex: 0,
            status: 'attached',
          },
          ...attachment,
        },
      },
    },
  });

async function lost(): Promise<string> {
  const { ticket } = await agent.call('ec2_terminate_instances', { instance_ids: [id], reason: REASON });
  const { plan } = await agent.call('ticket_get', { ticket_id: ticket.id });
  expect(plan.undo.exists).toBe('in_part');
  // The same call would be the same ticket.
  await agent.call('ticket_withdraw', { ticket_id: ticket.id, reason: REASON });
  return plan.undo.lost.map(({ why }: { why: string }) => why).join('\n');
}

const SETTING = /CpuOptions|PrivateDnsNameOptions|Attachment/;

test('what its type and AWS give by themselves is not listed', async () => {
  told = settings(
    { coreCount: 1, threadsPerCore: 2, amdSevSnp: 'disabled' },
    { hostnameType: 'ip-name', enableResourceNameDnsARecord: false, enableResourceNameDnsAAAARecord: false },
    { deleteOnTermination: true, networkCardIndex: 0, enaSrdSpecification: { enaSrdEnabled: false } },
  );
  expect(await lost()).not.toMatch(SETTING);
});

test('what was chosen is', async () => {
  told = settings(
    { coreCount: 1, threadsPerCore: 1, amdSevSnp: 'enabled' },
    { hostnameType: 'resource-name', enableResourceNameDnsARecord: true },
    { deleteOnTermination: false, networkCardIndex: 0, enaSrdSpecification: { enaSrdEnabled: true } },
  );
  const whys = await lost();
  for (const one of [
    'its CpuOptions (CoreCount 1, ThreadsPerCore 1)',
    'its CpuOptions (AmdSevSnp enabled)',
    'its PrivateDnsNameOptions (HostnameType resource-name, EnableResourceNameDnsARecord true)',
    "its network interface's Attachment (DeleteOnTermination false, EnaSrdSpecification.EnaSrdEnabled true)",
  ])
    expect(whys).toContain(one);
});
