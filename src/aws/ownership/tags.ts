import { AutoScalingClient, DescribeTagsCommand as DescribeGroupTagsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  IAMClient,
  ListInstanceProfileTagsCommand,
  ListPolicyTagsCommand,
  ListRoleTagsCommand,
  ListUserTagsCommand,
} from '@aws-sdk/client-iam';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import type { Session } from '../../../tools/ports/service.ts';
import { JSON_ANSWER } from '../request/answer.ts';
import { called } from '../request/call.ts';
import { awsCodeOf } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import type { TagSource } from './kinds.ts';
import { batches, each, type Requests, Untold } from './requests.ts';
import type { Thing } from './thing.ts';

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** AWS's own tags among them. Absent from the map: there are none, or nothing of that name is here. */
export type TagsByThing = ReadonlyMap<Thing, readonly Tag[] | Untold>;

/** The tags of things that may be here, by the call that tells them. */
export async function readTags(things: readonly Thing[], session: Session, requests: Requests): Promise<TagsByThing> {
  const found = new Map<Thing, readonly Tag[] | Untold>();
  for (const { source, operation, size, ask } of CALLS) {
    await each(
      batches(
        things.filter((thing) => sourceOf(thing) === source),
        size,
      ),
      async (asked) => {
        const answer = await requests.ask(operation, async (spend) => await ask(asked, session, spend));
        for (const thing of asked) {
          const tags =
            answer instanceof Untold ? answer : (answer.get(thing.arn ?? thing.name) ?? answer.get(thing.name));
          if (tags) found.set(thing, tags);
        }
      },
    );
  }
  return found;
}

type Ask = (things: readonly Thing[], session: Session, spend: () => void) => Promise<TagsByKey>;

interface Call {
  readonly source: TagSource;
  readonly operation: string;
  readonly size: number;
  readonly ask: Ask;
}

/** What can't be the ARN of one thing: AWS refuses a whole request for it, and with it what is asked of all others. */
const OF_ONE = /^arn:[\w+=,.@/:#$~-]+$/;

function sourceOf({ kind, arn }: Thing): TagSource {
  const source = kind?.tags ?? 'groups';
  return source === 'groups' && !OF_ONE.test(arn ?? '') ? 'none' : source;
}

/** By ARN, id or name, as AWS calls it. */
type TagsByKey = ReadonlyMap<string, readonly Tag[]>;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html: nothing of what has none, or isn't. */
const ec2Tags: Ask = async (things, session, spend) => {
  const client = session.client(EC2Client);
  const Filters = [{ Name: 'resource-id', Values: things.map(({ name }) => name) }];
  return await everyTag('ec2:DescribeTags', spend, (NextToken) =>
    client.send(new DescribeTagsCommand({ Filters, MaxResults: 1_000, ...NextToken })),
  );
};

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTags.html */
const groupTags: Ask = async (things, session, spend) => {
  const client = session.client(AutoScalingClient);
  const Filters = [{ Name: 'auto-scaling-group', Values: things.map(({ name }) => name) }];
  return await everyTag('autoscaling:DescribeTags', spend, (NextToken) =>
    client.send(new DescribeGroupTagsCommand({ Filters, MaxRecords: 100, ...NextToken })),
  );
};

type TagPage = {
  readonly Tags?: readonly (Tag & { readonly ResourceId?: string | undefined })[] | undefined;
  readonly NextToken?: string | undefined;
};

async function everyTag(
  operation: string,
  spend: () => void,
  send: (NextToken: { readonly NextToken?: string }) => Promise<TagPage>,
): Promise<TagsByKey> {
  const all = await every(operation, async (cursor) => {
    spend();
    const { Tags, NextToken } = await called(send(nextToken(cursor)), operation);
    return listed(operation, Tags, NextToken, (tag) => tag);
  });
  const byThing = Object.groupBy(all, ({ ResourceId = '' }) => ResourceId);
  return new Map(Object.entries(byThing).map(([id, tags = []]) => [id, tags]));
}

/**
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html: nothing of what
 * never had a tag, or isn't in this account and region.
 */
const resourceTags: Ask = async (things, session, spend) => {
  const ResourceARNList = [...new Set(things.flatMap(({ arn }) => arn ?? []))];
  spend();
  const sent = session
    .client(ResourceGroupsTaggingAPIClient, { answers: JSON_ANSWER })
    .send(new GetResourcesCommand({ ResourceARNList }));
  const { ResourceTagMappingList } = await called(sent, 'GetResources');
  const { items } = listed('GetResources', ResourceTagMappingList, undefined, (one) => one);
  return new Map(items.map(({ ResourceARN = '', Tags = [] }) => [ResourceARN, Tags]));
};

/**
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html and its like: at most 50 tags, one page. Of
 * what isn't there, nothing.
 */
function iamTags(send: (thing: Thing, client: IAMClient) => Promise<{ Tags?: Tag[] | undefined }>): Ask {
  return async ([thing], session, spend) => {
    if (!thing) return new Map();
    spend();
    try {
      const { Tags = [] } = await called(send(thing, session.client(IAMClient)), 'List…Tags');
      return new Map([[thing.name, Tags]]);
    } catch (error) {
      if (/^NoSuchEntity/.test(awsCodeOf(error) ?? '')) return new Map();
      throw error;
    }
  };
}

/** GetResources takes 100 ARNs, and leaves out IAM and Auto Scaling groups. */
const CALLS: readonly Call[] = [
  { source: 'ec2', operation: 'ec2:DescribeTags', size: 200, ask: ec2Tags },
  { source: 'groups', operation: 'tag:GetResources', size: 100, ask: resourceTags },
  { source: 'asg', operation: 'autoscaling:DescribeTags', size: 100, ask: groupTags },
  {
    source: 'role',
    operation: 'iam:ListRoleTags',
    size: 1,
    ask: iamTags(({ name }, client) => client.send(new ListRoleTagsCommand({ RoleName: name }))),
  },
  {
    source: 'profile',
    operation: 'iam:ListInstanceProfileTags',
    size: 1,
    ask: iamTags(({ name }, client) => client.send(new ListInstanceProfileTagsCommand({ InstanceProfileName: name }))),
  },
  {
    source: 'user',
    operation: 'iam:ListUserTags',
    size: 1,
    ask: iamTags(({ name }, client) => client.send(new ListUserTagsCommand({ UserName: name }))),
  },
  {
    source: 'policy',
    operation: 'iam:ListPolicyTags',
    size: 1,
    ask: iamTags(({ arn }, client) => client.send(new ListPolicyTagsCommand({ PolicyArn: arn }))),
  },
];
