import {
  type CloudFormationClient,
  DescribeChangeSetCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { namesSecret } from '../../../tools/ports/secret-name.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { called } from '../request/call.ts';
import { isUnanswerable } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import { nestedOutput } from '../template/named-elsewhere.ts';
import { readTemplateSecrets } from '../template/secrets.ts';
import { type Exports, type NestedOutputs, openTo, type StackState } from './masked-values.ts';
import { templateText } from './template-text.ts';

/** Nested stacks that are looked into for one call; what others hand out counts as hidden. */
const MOST_STACKS = 50;
/** How many may stand in one another. */
const MOST_STEPS = 8;

/**
 * Which outputs of nested stacks everyone may see, by the templates of those: the one answer, for what shows them and
 * for what takes them. The attacker nests the template of another's stack, which has a password in it and hands it out
 * under a name that says nothing; the template around it has no trace of that. Kept for one call. What can't be told is
 * hidden: a stack that may not be looked into, one that changes in ways that nobody shows, what stands too deep.
 */
export function nestedOutputsOf(client: CloudFormationClient, exports: Exports): NestedOutputs {
  const stacks = new Map<string, Promise<ReadonlyMap<string, StackState>>>();
  const shown = new Map<string, Promise<ReadonlySet<string>>>();
  let looked = 0;

  const within = (depth: number): NestedOutputs => ({
    async made(around) {
      return new Set((await once(stacks, around, nestedIn)).keys());
    },

    async open(names, around) {
      const found = new Set<string>();
      for (const name of names) {
        const { id, output } = nestedOutput(name);
        const nested = (await once(stacks, around, nestedIn)).get(id);
        const open = nested && (await once(shown, nested, (state) => outputsOf(state, depth)));
        if (open?.has(output)) found.add(name);
      }
      return found;
    },
  });
  return within(0);

  /** By logical ids, as they are, or as the change set would have them. */
  async function nestedIn({ stack_id, change_set_id }: StackState): Promise<ReadonlyMap<string, StackState>> {
    const found = new Map<string, StackState>();
    const resources = await every('ListStackResources', async (cursor) => {
      const sent = client.send(new ListStackResourcesCommand({ StackName: stack_id, ...nextToken(cursor) }));
      const answer = await unless(called(sent, 'ListStackResources'));
      return listed('ListStackResources', answer?.StackResourceSummaries ?? [], answer?.NextToken, (one) => one);
    });
    for (const { LogicalResourceId: id = '', PhysicalResourceId: arn = '' } of resources)
      if (arn.startsWith('arn:')) found.set(id, { stack_id: arn });
    if (change_set_id === undefined) return found;
    for (const { ResourceChange: change } of (await described(change_set_id)).changes) {
      const { LogicalResourceId: id = '', PhysicalResourceId: arn, ChangeSetId: inner, ResourceType } = change ?? {};
      if (ResourceType !== 'AWS::CloudFormation::Stack') continue;
      const state = inner && { stack_id: arn ?? (await described(inner)).stack_id, change_set_id: inner };
      if (state) found.set(id, state);
      else found.delete(id);
    }
    return found;
  }

  async function described(ChangeSetName: string) {
    let stack_id = '';
    const changes = await every('DescribeChangeSet', async (cursor) => {
      const sent = client.send(new DescribeChangeSetCommand({ ChangeSetName, ...nextToken(cursor) }));
      const answer = await unless(called(sent, 'DescribeChangeSet'));
      stack_id = answer?.StackId ?? stack_id;
      return listed('DescribeChangeSet', answer?.Changes ?? [], answer?.NextToken, (one) => one);
    });
    return { stack_id, changes };
  }

  /** Their names. */
  async function outputsOf({ stack_id, change_set_id }: StackState, depth: number): Promise<ReadonlySet<string>> {
    looked += 1;
    if (looked > MOST_STACKS || depth >= MOST_STEPS) return new Set();
    const open = async () => {
      const secrets = readTemplateSecrets(await templateText(client, stack_id, change_set_id, 'Processed'));
      const around = { stack_id, ...(change_set_id ? { change_set_id } : {}) };
      const known = await openTo(secrets, around, { exports, outputs: within(depth + 1) });
      const { outputs } = secrets.with(known, namesSecret);
      return new Set([...secrets.named].filter((name) => !outputs.has(name)));
    };
    return (await unless(open())) ?? new Set();
  }
}

async function once<T>(
  known: Map<string, Promise<T>>,
  state: StackState,
  find: (state: StackState) => Promise<T>,
): Promise<T> {
  const key = `${state.stack_id} ${state.change_set_id}`;
  const found = known.get(key) ?? find(state);
  known.set(key, found);
  return await found;
}

/** Undefined for what AWS doesn't show, and for a template that can't be read. @throws aws_unreachable */
export async function unless<T>(asked: Promise<T>): Promise<T | undefined> {
  return await asked.catch((error: unknown) => {
    const isOurs = error instanceof HoldshortError && error.code !== 'aws_unreachable';
    if (isOurs || isUnanswerable(error)) return undefined;
    throw error;
  });
}
