import {
  type Change,
  type CloudFormationClient,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  DescribeStacksCommand,
  type Parameter,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { AWS_MASK, CHANGED, HIDDEN, isMasked } from '../../../tools/ports/masks.ts';
import { every, nextToken } from '../../../tools/ports/pages.ts';
import { type Json, stableJson } from '../../kernel/digest.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { unlessMissing } from '../request/call.ts';
import { listed } from '../request/listed.ts';
import {
  type HiddenInChanges,
  type HiddenPlace,
  type HiddenPlaces,
  isExpanded,
  placeAt,
  withoutHidden,
} from '../template/hidden-places.ts';
import { hiddenValues } from '../template/hidden-values.ts';
import { readTemplateSecrets } from '../template/secrets.ts';
import { CACHED, maskedParameter, type SecretsCache, withOthers } from './masked-values.ts';
import { iso } from './stack.ts';
import { templateText } from './template-text.ts';

const NOTHING: HiddenPlaces = { place: () => undefined };
const ALL: HiddenPlaces = { place: () => true };
/** Of a change set of which the templates can't be asked for, nothing is told. */
export const ALL_HIDDEN: HiddenInChanges = { before: ALL, after: ALL, given: true };

/** The change set of which it is worked out. */
interface Asked {
  readonly stack_id: string;
  readonly change_set_id: string;
  /** The parameters as it has them, without those that keep their value. */
  readonly parameters: readonly Parameter[];
  /** The change set of the stack around, which may give hidden values to this one. */
  readonly parent: string | undefined;
  /** What was before is no longer what the stack has. */
  readonly is_over: boolean;
}

/** The one place where it is worked out, for whatever is read of a change set. */
export async function hiddenInChanges(
  client: CloudFormationClient,
  asked: Asked,
  cache: SecretsCache,
): Promise<HiddenInChanges> {
  const { stack_id, change_set_id, is_over } = asked;
  const answer = await unlessMissing(client.send(new DescribeStacksCommand({ StackName: stack_id })), 'DescribeStacks');
  const stack = answer?.Stacks?.[0];
  // What a stack around gives may be another without a change of this one.
  if (asked.parent === undefined && stack?.ParentId !== undefined) return await workedOut(client, stack, asked, cache);
  const key = `${change_set_id} ${is_over} ${stack?.StackStatus} ${iso(stack?.LastUpdatedTime)}`;
  const { changes } = cache;
  const known = changes.get(key);
  if (known) return await known;
  if (changes.size >= CACHED) changes.clear();
  const found = workedOut(client, stack, asked, cache);
  changes.set(key, found);
  // Not to be remembered: it may be allowed or answered next time.
  found.catch(() => changes.delete(key));
  return await found;
}

async function workedOut(
  client: CloudFormationClient,
  stack: Stack | undefined,
  asked: Asked,
  cache: SecretsCache,
): Promise<HiddenInChanges> {
  const { change_set_id, parameters, parent, is_over } = asked;
  const present = stack?.Parameters ?? [];
  const { stack_id } = asked;
  // Also what is changed by itself still has what the stack around gave it.
  const given =
    parent !== undefined
      ? await givenHidden(client, parent, asked, cache)
      : stack === undefined
        ? undefined
        : await cache.around.given(stack);
  const after = await hiddenBy(client, stack_id, change_set_id, [...present, ...parameters], { given, cache });
  if (stack === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS') return { before: NOTHING, after, given };
  const before = is_over ? ALL : await hiddenBy(client, stack_id, undefined, present, { given, cache });
  return { before, after, given };
}

/** What the stack around gives to this one as `Parameters`, as far as it is hidden. */
async function givenHidden(
  client: CloudFormationClient,
  parent: string,
  { stack_id, change_set_id }: Asked,
  cache: SecretsCache,
): Promise<HiddenPlace | undefined> {
  let answer: DescribeChangeSetCommandOutput | undefined;
  const changes = await every('DescribeChangeSet', async (cursor) => {
    const sent = client.send(new DescribeChangeSetCommand({ ChangeSetName: parent, ...nextToken(cursor) }));
    answer = await unlessMissing(sent, 'DescribeChangeSet');
    return listed('DescribeChangeSet', answer?.Changes ?? [], answer?.NextToken, (one) => one);
  });
  const { LogicalResourceId: id } =
    changes.find(
      ({ ResourceChange: one }) => one?.ChangeSetId === change_set_id || one?.PhysicalResourceId === stack_id,
    )?.ResourceChange ?? {};
  if (id === undefined || !answer?.StackId) return true;
  const around = await unlessMissing(
    client.send(new DescribeStacksCommand({ StackName: answer.StackId })),
    'DescribeStacks',
  );
  const outer: Asked = {
    stack_id: answer.StackId,
    change_set_id: parent,
    parameters: answer.Parameters ?? [],
    parent: answer.ParentChangeSetId,
    is_over: false,
  };
  const { before, after } = await workedOut(client, around?.Stacks?.[0], outer, cache);
  const places = [before, after].map((one) => placeAt(one.place(id), ['Properties', 'Parameters']));
  return places.find((one) => one === true) ?? together(places);
}

/** What is hidden in any of several. */
function together(places: readonly (HiddenPlace | undefined)[]): HiddenPlace | undefined {
  const members = places.flatMap((one) => (one === undefined || one === true ? [] : [...one.members]));
  return members.length === 0 ? undefined : { members: new Map(members) };
}

/** Where a template, as it is or as a change set would have it, puts what is hidden. */
export async function hiddenBy(
  client: CloudFormationClient,
  stackId: string,
  changeSetId: string | undefined,
  parameters: readonly Parameter[],
  { given, cache }: { readonly given: HiddenPlace | undefined; readonly cache: SecretsCache },
): Promise<HiddenPlaces> {
  const values = new Map(
    parameters.map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
  );
  try {
    const original = await templateText(client, stackId, changeSetId, 'Original');
    const text = isExpanded(original) ? await templateText(client, stackId, changeSetId, 'Processed') : original;
    const secrets = readTemplateSecrets(original);
    const isHidden = (name: string) => {
      const value = values.get(name) ?? AWS_MASK;
      return isMasked(maskedParameter(stackId, { secrets, given }, name, value));
    };
    const known = await withOthers(text, { stack_id: stackId, values: knownOf(values, isHidden) }, changeSetId, cache);
    const { taken } = hiddenValues(text, { isHidden, literals: true, given: known });
    return { place: (id) => taken.get(id) };
  } catch (error) {
    if (error instanceof HoldshortError && error.code === 'invalid_input') return ALL;
    throw error;
  }
}

/** With what names are worked out: a value that is hidden isn't known. */
function knownOf(
  values: ReadonlyMap<string, string>,
  isHidden: (name: string) => boolean,
): Readonly<Record<string, string | null>> {
  return Object.fromEntries([...values].map(([name, value]) => [name, isHidden(name) ? null : value]));
}

/** An entry of a change set without what is hidden of it. */
export function withoutHiddenValues(entry: Change, { before, after }: HiddenInChanges): Change {
  const { ResourceChange: change } = entry;
  if (!change) return entry;
  const [was, will] = [before.place(change.LogicalResourceId ?? ''), after.place(change.LogicalResourceId ?? '')];
  if (was === undefined && will === undefined) return entry;
  const { BeforeContext, AfterContext, Details } = change;
  const context = (text: string | undefined, place: HiddenPlace | undefined, old?: string) =>
    text === undefined ? undefined : textWithout(text, place, old);
  return {
    ...entry,
    ResourceChange: {
      ...change,
      BeforeContext: context(BeforeContext, was),
      AfterContext: context(AfterContext, will, BeforeContext),
      Details: Details?.map((detail) => {
        const { Target = {} } = detail;
        const steps = stepsOf(Target);
        const { BeforeValue, AfterValue } = Target;
        return {
          ...detail,
          Target: {
            ...Target,
            BeforeValue: context(BeforeValue, placeOf(was, steps)),
            AfterValue: context(AfterValue, placeOf(will, steps), BeforeValue),
          },
        };
      }),
    },
  };
}

type Target = NonNullable<NonNullable<NonNullable<Change['ResourceChange']>['Details']>[number]['Target']>;

/** Where a detail is: `Properties`, `Tags`, `0`, `Value`. */
export function stepsOf({ Path, Attribute, Name }: Target): readonly string[] {
  if (Path)
    return Path.split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const within = Attribute === 'Tags' ? ['Properties', 'Tags'] : [Attribute ?? 'Properties'];
  return Attribute !== 'Tags' && Name ? [...within, Name] : within;
}

/** What is hidden there. An item of a list may stand at another number than in the template: then all of it is. */
export function placeOf(place: HiddenPlace | undefined, steps: readonly string[]): HiddenPlace | undefined {
  const exact = placeAt(place, steps);
  if (exact !== undefined) return exact;
  const list = steps.findIndex((step) => /^\d+$/.test(step));
  return list !== -1 && placeAt(place, steps.slice(0, list)) !== undefined ? true : undefined;
}

function textWithout(text: string, place: HiddenPlace | undefined, was: string | undefined): string {
  if (place === undefined) return text;
  const mask = (part: Json, old: Json | undefined) =>
    part === AWS_MASK ? AWS_MASK : old !== undefined && stableJson(old) !== stableJson(part) ? CHANGED : HIDDEN;
  const value = parsed(text);
  if (place === true || value === undefined) return mask(text, was);
  const hidden = withoutHidden(value, place, mask, was === undefined ? undefined : parsed(was));
  return typeof hidden === 'string' ? hidden : JSON.stringify(hidden);
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
