import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import type { Session } from '../../../tools/ports/service.ts';
import { unlessMissing } from '../request/call.ts';
import { tagsOf } from '../tags.ts';
import { type Requests, Untold } from './requests.ts';
import type { Here, Thing } from './thing.ts';

/** The outermost stack around a thing. */
export interface OwningStack {
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Stacks {
  /** Is that ARN of this account and region? */
  here(id: string): boolean;
  /** The live stack of that ARN, of this account and region; undefined where there is none. */
  live(id: string): Promise<OwningStack | Untold | undefined>;
  /** The live stack that has the thing, as what the thing is; undefined where there is none. */
  having(thing: Thing): Promise<OwningStack | Untold | undefined>;
}

export function stacksFor(session: Session, here: Here, requests: Requests): Stacks {
  const asked = new Map<string, Promise<OwningStack | Untold | undefined>>();
  const describe = async (id: string): Promise<OwningStack | Untold | undefined> => {
    const answer = await requests.ask('cloudformation:DescribeStacks', async (spend) => {
      spend();
      const sent = session.client(CloudFormationClient).send(new DescribeStacksCommand({ StackName: id }));
      return await unlessMissing(sent, 'DescribeStacks');
    });
    if (answer instanceof Untold) return answer;
    const stack = answer?.Stacks?.[0];
    // A deleted stack has nothing, though what it left behind keeps its tag.
    if (!stack?.StackId || !stack.StackName || isGone(stack.StackStatus)) return undefined;
    if (stack.RootId && stack.RootId !== id) return await live(stack.RootId);
    return { id: stack.StackId, name: stack.StackName, tags: tagsOf(stack.Tags) };
  };
  const isHere = (id: string) => {
    const [, , service, region, account] = id.split(':');
    return service === 'cloudformation' && region === here.region && account === here.account;
  };
  const live = async (id: string) => {
    if (!isHere(id)) return undefined;
    const known = asked.get(id) ?? describe(id);
    asked.set(id, known);
    return await known;
  };
  return {
    here: isHere,
    live,
    async having(thing) {
      for (const name of thing.physical) {
        const id = await stackIdWith(name, thing.types, session, requests);
        if (id instanceof Untold) return id;
        const stack = id === undefined ? undefined : await live(id);
        if (stack) return stack;
      }
      return undefined;
    },
  };
}

/**
 * AWS answers with all resources (at most 100) of a stack that has one of that physical id: of any type, and also of a
 * deleted stack. An agent's own stack can have a bucket with the name of production's role; it can't have the role.
 */
async function stackIdWith(
  physicalId: string,
  types: readonly string[],
  session: Session,
  requests: Requests,
): Promise<string | Untold | undefined> {
  const answer = await requests.ask('cloudformation:DescribeStackResources', async (spend) => {
    spend();
    const command = new DescribeStackResourcesCommand({ PhysicalResourceId: physicalId });
    return await unlessMissing(session.client(CloudFormationClient).send(command), 'DescribeStackResources');
  });
  if (answer instanceof Untold) return answer;
  return answer?.StackResources?.find(
    ({ PhysicalResourceId, ResourceType = '', ResourceStatus }) =>
      PhysicalResourceId === physicalId && types.includes(ResourceType) && !isGone(ResourceStatus),
  )?.StackId;
}

function isGone(status: string | undefined): boolean {
  return status === undefined || /^DELETE_(COMPLETE|SKIPPED)$/.test(status);
}
