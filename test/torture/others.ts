import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { role } from '../scenes/accounts.ts';
import type { Cloud } from '../scenes/cloud.ts';
import { OTHERS, type There } from './kind.ts';

/** The cloud of a world, for those who aren't us; in its accounts as a role of theirs. */
export function othersIn(cloud: Cloud, pass: () => Promise<void>): There & { close(): void } {
  const at = { endpoint: cloud.endpoint, region: 'eu-west-1' };
  const sts = new STSClient({ ...OTHERS, ...at });
  const opened: { destroy(): void }[] = [sts];
  const known = new Map<string, There>();
  const as = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }): There => {
    const clients = {
      ec2: new EC2Client({ ...at, credentials }),
      cloudformation: new CloudFormationClient({ ...at, credentials }),
    };
    opened.push(clients.ec2, clients.cloudformation);
    return { ...clients, cloud, pass, in: within };
  };

  async function within(account: string): Promise<There> {
    const before = known.get(account);
    if (before) return before;
    const { Credentials: its } = await sts.send(
      new AssumeRoleCommand({ RoleArn: role(account, 'others'), RoleSessionName: 'others' }),
    );
    const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken = '' } = its ?? {};
    const found = as({ accessKeyId, secretAccessKey, sessionToken: SessionToken });
    known.set(account, found);
    return found;
  }

  return {
    ...as(OTHERS.credentials),
    close() {
      for (const client of opened) client.destroy();
    },
  };
}
