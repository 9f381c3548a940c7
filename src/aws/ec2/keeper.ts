import {
  DescribeInstancesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeTagsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { Ec2Keeper } from '../../../tools/ports/ec2-keeper.ts';
import { every } from '../../../tools/ports/pages.ts';
import type { Json } from '../../kernel/digest.ts';
import { called } from '../request/call.ts';
import { listed } from '../request/listed.ts';
import { KINDS } from './kinds.ts';
import { demandKnown, FULL_PAGE, notFound, paged } from './reading.ts';

/** Reads EC2's things as they are, secrets included: for recovery kits. */
export function ec2Keeper(client: EC2Client): Ec2Keeper {
  return {
    tags: async (ids) =>
      json(
        await every('DescribeTags', async (cursor) => {
          const input = paged({ filters: [{ name: 'resource-id', values: ids }], cursor, limit: FULL_PAGE });
          const { Tags, NextToken } = await called(client.send(new DescribeTagsCommand(input)), 'DescribeTags');
          return listed('DescribeTags', Tags, NextToken, (tag) => tag);
        }),
      ),

    async instances(ids) {
      const sent = called(client.send(new DescribeInstancesCommand({ InstanceIds: [...ids] })), 'DescribeInstances');
      const { Reservations = [] } = await demandKnown(KINDS.i, ids, sent);
      const found = Reservations.flatMap(({ Instances = [] }) => Instances);
      const missing = ids.find((id) => !found.some(({ InstanceId }) => InstanceId === id));
      // A kit without one of them would be none.
      if (missing !== undefined) throw notFound(KINDS.i, missing);
      return json(found);
    },

    rules: async (groupId) =>
      json(
        await every('DescribeSecurityGroupRules', async (cursor) => {
          const input = paged({ filters: [{ name: 'group-id', values: [groupId] }], cursor, limit: FULL_PAGE });
          const sent = client.send(new DescribeSecurityGroupRulesCommand(input));
          const { SecurityGroupRules, NextToken } = await called(sent, 'DescribeSecurityGroupRules');
          return listed('DescribeSecurityGroupRules', SecurityGroupRules, NextToken, (rule) => rule);
        }),
      ),
  };
}

function json(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
