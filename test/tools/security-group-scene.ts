import * as sdk from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startCloud } from '../scenes/cloud.ts';
import { propose, read, testAws } from '../scenes/tools.ts';

export const PEER = { group: 'sg-00000009', vpc: 'vpc-00000009', account: '210987654321' };

/** A site with a load balancer, a database and two instances; `groups` and `instances` are ids by name. */
export async function securityGroupScene() {
  const groups: Record<string, string> = {};
  const instances: Record<string, string> = {};
  const cloud = await startCloud(
    {
      securityGroups: [
        {
          name: 'web',
          tags: { env: 'dev', 'aws:cloudformation:stack-name': 'site' },
          ingress: [{ fromPort: 443, cidr: '0.0.0.0/0', description: 'everybody' }],
        },
        { name: 'db', ingress: [{ fromPort: 5432, group: 'web' }] },
        { name: 'idle', tags: { owner: 'ops' } },
        { name: 'peered', ingress: [{ fromPort: 80, peer: PEER }] },
      ],
      networkInterfaces: [
        { requesterId: 'amazon-elb', description: 'ELB app/front/1a2b', securityGroups: ['web'] },
        { requesterId: 'amazon-elb', description: 'ELB app/front/1a2b', securityGroups: ['web'] },
        { requesterId: 'amazon-rds', description: 'RDSNetworkInterface', securityGroups: ['db'] },
        { description: 'ELB app/pretended/3c4d', securityGroups: ['db'] },
      ],
      instances: [
        { tags: { Name: 'one', env: 'production' }, securityGroups: ['web'] },
        { tags: { Name: 'two' }, securityGroups: ['web'] },
      ],
    },
    { latencyMs: 5 },
  );
  const aws = testAws(cloud.endpoint);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new sdk.EC2Client({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials });
  beforeAll(async () => {
    for (const one of (await read(aws, 'ec2_describe_instances')).instances) instances[one.tags.Name] = one.instance_id;
  });
  beforeEach(async () => {
    for (const one of (await read(aws, 'ec2_describe_security_groups')).security_groups)
      groups[one.group_name] = one.group_id;
  });
  afterAll(async () => {
    client.destroy();
    await cloud[Symbol.asyncDispose]();
  });
  return {
    cloud,
    aws,
    client,
    groups,
    instances,
    authorize: (group: string, ...rules: object[]) =>
      propose(aws, 'ec2_authorize_security_group_ingress', { group_id: groups[group], rules }),
    revoke: (group: string, which: object) =>
      propose(aws, 'ec2_revoke_security_group_ingress', { group_id: groups[group], ...which }),
    remove: (group: string) => propose(aws, 'ec2_delete_security_group', { group_id: groups[group] }),
    described: async (group: string) =>
      (await read(aws, 'ec2_describe_security_groups', { group_ids: [groups[group]] })).security_groups[0],
  };
}

export const tcp = (port: number, source: object) => ({
  ip_protocol: 'tcp',
  from_port: port,
  to_port: port,
  ...source,
});
