import { type Cloud, createCloud, type Region } from './cloud.ts';
import { startCreate } from './cloudformation/create.ts';
import { prepareDeployment } from './cloudformation/deployment.ts';
import type { Stack } from './cloudformation/model.ts';
import { withKnownIds } from './cloudformation/provider.ts';
import { provideHandlers } from './cloudformation/resource.ts';
import { createdStack } from './cloudformation/stack.ts';
import { stacksIn } from './cloudformation/state.ts';
import { HANDLERS } from './handlers.ts';
import { type Specification, UNPUBLISHED } from './spec/resources.ts';
import { isCustomType } from './template/document.ts';

/** A stack as it is elsewhere. */
export interface CopiedStack {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly role_arn: string | undefined;
  readonly notification_arns: readonly string[];
  readonly rollback: {
    readonly triggers: readonly { readonly arn: string; readonly type: string }[];
    readonly minutes: number;
  };
  readonly policy?: string | undefined;
  readonly termination_protection: boolean;
  /** By logical id. */
  readonly physical_ids: Readonly<Record<string, string>>;
}

/** What a copy is made of. */
export interface Copied {
  /** Absent: nothing is there yet. */
  readonly stack?: CopiedStack | undefined;
  /** Templates of the stacks nested in it, by the addresses at which it has them. */
  readonly templates: Readonly<Record<string, string>>;
}

export interface Copy {
  /** What was made up since, in words that may repeat templates. */
  readonly madeUp: ReadonlySet<string>;
  /** What is at an address from now on. */
  putTemplate(url: string, text: string): void;
}

/** What no request can name: templates that are larger than a request takes are read from here. */
const ADDRESS = 'sandbox:copied';

/** The states in which a stack rests that may be changed; one in another is copied as if it had come to rest. */
const RESTING = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$|^UPDATE_FAILED$/;

/**
 * A cloud with nothing in it but the copy, in which nothing takes time. What is there already isn't validated, as AWS
 * has let it through; what comes after is. What isn't in the copy and only the real account would tell is made up.
 * @throws Error, ApiFailure where it can't be had here, in words that may repeat the template
 */
export function copyOf(
  { accountId, specification }: { readonly accountId: string; readonly specification: Specification },
  region: string,
  { stack, templates }: Copied,
): Copy & { readonly cloud: Cloud } {
  let copying = true;
  const madeUp = new Set<string>();
  const cloud = createCloud({
    accountId,
    latencyMs: () => 0,
    now: Date.now,
    specification: (type) => {
      const known = specification(type);
      if (!known && !isCustomType(type)) madeUp.add(`what a resource of the type ${type} takes, and does`);
      return known ?? UNPUBLISHED;
    },
    tolerant: () => copying,
    makeUp: (what) => void madeUp.add(what),
  });
  provideHandlers(cloud, HANDLERS);
  for (const [url, text] of Object.entries(templates)) cloud.templates.set(url, text);
  if (stack) place(cloud, cloud.region(region), stack);
  copying = false;
  return { cloud, madeUp, putTemplate: (url, text) => void cloud.templates.set(url, text) };
}

function place(cloud: Cloud, region: Region, copied: CopiedStack): void {
  const stack = createdStack(cloud, region, copied.name, undefined, copied.id);
  cloud.templates.set(ADDRESS, copied.template);
  const deployment = prepareDeployment(cloud, region, stack, {
    TemplateURL: ADDRESS,
    Parameters: Object.entries(copied.parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Tags: Object.entries(copied.tags).map(([Key, Value]) => ({ Key, Value })),
    Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    RoleARN: copied.role_arn,
    NotificationARNs: [...copied.notification_arns],
    RollbackConfiguration: {
      RollbackTriggers: copied.rollback.triggers.map(({ arn, type }) => ({ Arn: arn, Type: type })),
      MonitoringTimeInMinutes: copied.rollback.minutes,
    },
  });
  withKnownIds(stack, new Map(Object.entries(copied.physical_ids)), () => {
    startCreate(cloud, region, stack, deployment, { token: undefined, onFailure: 'DO_NOTHING' });
    cloud.settle();
  });
  cloud.templates.delete(ADDRESS);
  if (stack.status !== 'CREATE_COMPLETE') throw new Error(whyNot(stack));
  stack.capabilities = copied.capabilities;
  stack.policy = copied.policy;
  stack.terminationProtection = copied.termination_protection;
  if (RESTING.test(copied.status)) stack.status = copied.status as Stack['status'];
  // What happened before isn't what happens now.
  for (const one of stacksIn(region).values()) one.events.length = 0;
}

function whyNot({ name, events, reason, status }: Stack): string {
  const failed = events.find(
    ({ LogicalResourceId, ResourceStatus }) => ResourceStatus === 'CREATE_FAILED' && LogicalResourceId !== name,
  );
  return failed ? `${failed.LogicalResourceId}: ${failed.ResourceStatusReason}` : (reason ?? status);
}
