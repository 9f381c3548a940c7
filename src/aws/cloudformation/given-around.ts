import {
  type CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { unlessMissing } from '../request/call.ts';
import { listed } from '../request/listed.ts';
import { type HiddenPlace, type HiddenPlaces, placeAt } from '../template/hidden-places.ts';
import { hiddenBy } from './hidden-changes.ts';
import type { Around, SecretsCache } from './masked-values.ts';
import { unless } from './nested-outputs.ts';

/** How many stacks may stand around one another. */
const MOST_STEPS = 8;
/**
 * While a stack is updated, or where an update stopped halfway, what is nested in it may still have what the template
 * before gave it. After an update was rolled back, too: people may have had a nested one skipped.
 */
const AS_ITS_TEMPLATE_SAYS = /^(CREATE|ROLLBACK)_|(?<!^UPDATE_ROLLBACK)_COMPLETE$/;

/** A stack around another, and what is nested in it. */
interface Outer {
  readonly places: HiddenPlaces;
  /** Logical ids by ARNs. */
  readonly nested: ReadonlyMap<string, string>;
}

/**
 * What is hidden of what the stacks around give to a nested one. The attacker is an agent that may not see a value: the
 * template around takes it as a NoEcho parameter, and hands it on to one that isn't, which AWS shows. Nothing is asked
 * for a stack that isn't nested. What can't be told is hidden: a stack around that may not be looked at, or that has
 * no such resource any more.
 */
export function givenAround(client: CloudFormationClient, cache: Omit<SecretsCache, 'around'>): Around {
  const described = new Map<string, Promise<Stack | undefined>>();
  const read = new Map<string, Promise<Outer | undefined>>();
  const around: Around = { given };
  return around;

  /** From the outermost inwards: what each gives rests on what it was given. */
  async function given({ StackId = '', ParentId }: Pick<Stack, 'StackId' | 'ParentId'>) {
    let place: HiddenPlace | undefined;
    const inwards = [StackId];
    const outers: Stack[] = [];
    for (let at = ParentId; at !== undefined; at = outers[0]?.ParentId) {
      const outer = outers.length < MOST_STEPS ? await once(described, at, () => describe(at)) : undefined;
      if (outer?.StackId !== at) return true;
      outers.unshift(outer);
      inwards.unshift(at);
    }
    for (const [step, outer] of outers.entries()) {
      const before = place;
      const { places, nested } = (await once(read, `${outer.StackId}`, () => look(outer, before))) ?? {};
      const id = nested?.get(inwards[step + 1] ?? '');
      place = places === undefined || id === undefined ? true : placeAt(places.place(id), ['Properties', 'Parameters']);
    }
    return place;
  }

  async function describe(StackName: string): Promise<Stack | undefined> {
    const answer = await unless(unlessMissing(client.send(new DescribeStacksCommand({ StackName })), 'DescribeStacks'));
    return answer?.Stacks?.[0];
  }

  async function look(outer: Stack, place: HiddenPlace | undefined): Promise<Outer | undefined> {
    const { StackId: stack_id = '', StackStatus = '', Parameters = [] } = outer;
    if (!AS_ITS_TEMPLATE_SAYS.test(StackStatus)) return undefined;
    return await unless(
      (async () => {
        const resources = await every('ListStackResources', async (cursor) => {
          const sent = client.send(new ListStackResourcesCommand({ StackName: stack_id, ...nextToken(cursor) }));
          const answer = await unlessMissing(sent, 'ListStackResources');
          return listed('ListStackResources', answer?.StackResourceSummaries ?? [], answer?.NextToken, (one) => one);
        });
        return {
          places: await hiddenBy(client, stack_id, undefined, Parameters, {
            given: place,
            cache: { ...cache, around },
          }),
          nested: new Map(
            resources.map(({ PhysicalResourceId = '', LogicalResourceId = '' }) => [
              PhysicalResourceId,
              LogicalResourceId,
            ]),
          ),
        };
      })(),
    );
  }
}

async function once<T>(known: Map<string, Promise<T>>, key: string, find: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? find();
  known.set(key, found);
  return await found;
}
