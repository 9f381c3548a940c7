import type { Capability } from '@aws-sdk/client-cloudformation';
import { type Cloud, createCloud, type Region } from './cloud.ts';
import { createChangeSet } from './cloudformation/changeset.ts';
import { startCreate } from './cloudformation/create.ts';
import { prepareDeployment } from './cloudformation/deployment.ts';
import type { ChangeSet } from './cloudformation/model.ts';
import { nestedStack } from './cloudformation/nested-resource.ts';
import { provideHandlers } from './cloudformation/resource.ts';
import { createdStack } from './cloudformation/stack.ts';
import { changeSetsIn, stacksIn } from './cloudformation/state.ts';
import type { Bytes } from './ids.ts';
import { type Specification, UNPUBLISHED } from './spec/resources.ts';
import { ApiFailure } from './wire/failure.ts';

/** One side of a comparison: a template's text with the values of its parameters. */
export interface Deployed {
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Comparison {
  /** What the stack runs; undefined where there is none yet. */
  readonly before: Deployed | undefined;
  readonly after: Deployed;
  /** Names of what another stack exports. */
  readonly exports: readonly string[];
}

/** The change set from one to the other, or why this cloud can't make it: in words that may repeat the template. */
export type Compared =
  | {
      readonly outcome: 'changes';
      readonly stackId: string;
      readonly changeSetId: string;
      /** Of everything that the stack has, and those nested in it: the path of logical ids, by physical id. */
      readonly names: ReadonlyMap<string, string>;
    }
  | { readonly outcome: 'same' }
  | { readonly outcome: 'impossible'; readonly why: string };

/** What no request can name: templates that are larger than a request takes are read from here. */
const ADDRESS = 'sandbox:compared';
const CAPABILITIES: Capability[] = ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'];

/** An empty one, in which nothing takes time, and whatever the templates don't say is made up. */
export function cloudForComparing({
  accountId,
  specification,
  bytes,
}: {
  readonly accountId: string;
  readonly specification: Specification;
  readonly bytes: Bytes;
}): Cloud {
  const known = (type: string) => specification(type) ?? UNPUBLISHED;
  const cloud = createCloud({
    accountId,
    specification: known,
    latencyMs: () => 0,
    now: Date.now,
    tolerant: () => true,
    makeUp: () => undefined,
    bytes,
  });
  provideHandlers(cloud, new Map([['AWS::CloudFormation::Stack', nestedStack]]));
  return cloud;
}

/**
 * Brings a stack to one template and makes the change set to another.
 * @param cloud from `cloudForComparing`
 */
export function compareIn(
  cloud: Cloud,
  region: Region,
  name: string,
  { before, after, exports }: Comparison,
): Compared {
  try {
    if (exports.length > 0) deploy(cloud, region, `${name}-exports`, exporting(exports));
    if (before) deploy(cloud, region, name, before);
    const { Id: id = '' } = createChangeSet(
      {
        StackName: name,
        ChangeSetName: name,
        ChangeSetType: before ? 'UPDATE' : 'CREATE',
        IncludeNestedStacks: true,
        ...inputOf(cloud, after),
      },
      { cloud, region, accessKeyId: '' },
    );
    cloud.settle();
    return outcomeOf(changeSetsIn(region).get(id), region);
  } catch (error) {
    if (error instanceof ApiFailure) return { outcome: 'impossible', why: error.message };
    throw error;
  }
}

/** A stack of nothing else, whose values are made up. */
function exporting(names: readonly string[]): Deployed {
  const outputs = names.map((Name, at) => [`E${at}`, { Value: `import-of-${Name}`, Export: { Name } }]);
  const Resources = { Nothing: { Type: 'AWS::CloudFormation::WaitConditionHandle' } };
  return { template: JSON.stringify({ Resources, Outputs: Object.fromEntries(outputs) }), parameters: {} };
}

function inputOf(cloud: Cloud, { template, parameters }: Deployed) {
  cloud.templates.set(ADDRESS, template);
  return {
    TemplateURL: ADDRESS,
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Capabilities: CAPABILITIES,
  };
}

function deploy(cloud: Cloud, region: Region, name: string, deployed: Deployed): void {
  const stack = createdStack(cloud, region, name);
  const deployment = prepareDeployment(cloud, region, stack, inputOf(cloud, deployed));
  startCreate(cloud, region, stack, deployment, { token: undefined, onFailure: 'DO_NOTHING' });
  cloud.settle();
  if (stack.status === 'CREATE_COMPLETE') return;
  const failed = stack.events.find(
    ({ LogicalResourceId, ResourceStatus }) => ResourceStatus === 'CREATE_FAILED' && LogicalResourceId !== name,
  );
  const why = failed ? `${failed.LogicalResourceId}: ${failed.ResourceStatusReason}` : (stack.reason ?? stack.status);
  throw new ApiFailure('ValidationError', why);
}

function outcomeOf(set: ChangeSet | undefined, region: Region): Compared {
  if (set?.status === 'CREATE_COMPLETE')
    return { outcome: 'changes', stackId: set.stackId, changeSetId: set.id, names: namesIn(region) };
  // Only a set that was made, and then found empty, has this reason.
  if (set?.reason?.includes("didn't contain changes")) return { outcome: 'same' };
  return { outcome: 'impossible', why: set?.reason ?? 'no change set was made' };
}

function namesIn(region: Region): ReadonlyMap<string, string> {
  const stacks = stacksIn(region);
  const pathOf = (id: string | undefined): readonly string[] => {
    const parent = id === undefined ? undefined : stacks.get(id)?.parent;
    return parent ? [...pathOf(parent.stackId), parent.logicalId] : [];
  };
  return new Map(
    [...stacks.values()].flatMap((stack) =>
      [...stack.resources.values()].map(
        ({ physicalId, logicalId }) => [physicalId, [...pathOf(stack.id), logicalId].join('/')] as const,
      ),
    ),
  );
}
