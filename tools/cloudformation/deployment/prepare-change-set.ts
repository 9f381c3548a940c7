import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 } from '../../../src/kernel/digest.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import { bounded } from '../../../src/kernel/safe-text.ts';
import type { Planners, Readers, Residue } from '../../define.ts';
import { STACK_NAME } from '../../fields.ts';
import type {
  ChangeSet,
  ChangeSetRequest,
  ResourceToImport,
  Stack,
  TemplateFacts,
} from '../../ports/cloudformation.ts';
import { hideGiven } from '../../ports/credentials.ts';
import { AWS_MASK, isMasked } from '../../ports/masks.ts';
import { notFound, wrongState } from '../../refusing.ts';
import { findStack } from '../stack/target.ts';
import { type ChangeSetRef, changeSetName } from './change-set.ts';
import { refuseImport } from './imported-resources.ts';
import { refuseShown, refuseTests } from './kept-secrets.ts';
import { NO_CHANGES } from './levels.ts';
import { lookAtLiveState } from './live-state.ts';
import { refuseAllMacros, type Values } from './nested-templates.ts';
import { secretValues } from './stored.ts';

interface Deployment {
  readonly stack_name: string;
  readonly template_body?: string | undefined;
  readonly use_previous_template?: boolean | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly capabilities?: readonly string[] | undefined;
  readonly resources_to_import?: readonly ResourceToImport[] | undefined;
}

interface Context {
  readonly ticket: string;
  readonly readers: Readers;
  readonly planners: Planners;
  readonly macros?: readonly string[];
  readonly compareLive?: boolean;
  readonly announce: (residue: Residue) => Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** Change sets of large stacks take minutes; one that takes longer is stuck. */
const PATIENCE_MS = 10 * 60_000;

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html: the states that an update may
 * start from.
 */
const UPDATABLE = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]);

/** Lets AWS make the change set, and waits until it is there. */
export async function prepareChangeSet(
  input: Deployment,
  { ticket, readers, planners, macros = [], compareLive = true, announce }: Context,
): Promise<ChangeSetRef> {
  refuseTemplates(input);
  const template =
    input.template_body === undefined ? undefined : readers.cloudformation.readTemplate(input.template_body);
  const { resources_to_import } = input;
  if (resources_to_import) refuseImport(resources_to_import, template);
  const stack = await findStack(input.stack_name, readers);
  const creating = stack === undefined || stack.stack_status === 'REVIEW_IN_PROGRESS';
  refuse(input, stack, creating);
  const present = creating ? undefined : await readers.cloudformation.template(stack.stack_id);
  const parameters = parametersOf(input, creating ? undefined : stack, template);
  refuseShown(parameters, present, template);
  const completed =
    input.template_body === undefined
      ? undefined
      : await readers.cloudformation.completed(input.template_body, creating ? undefined : stack.stack_id);
  const { region, account } = readers.caller;
  const stack_id = stack?.stack_id ?? `arn:aws:cloudformation:${region}:${account}:stack/${input.stack_name}/new`;
  await refuseTests(
    { stack: creating ? undefined : stack, stack_id, ...(completed ? { template: completed } : {}), parameters },
    readers,
  );
  const runs = template ?? present;
  if (runs) {
    const { template_body: text } = input;
    const source = text === undefined ? { stack_id: stack?.stack_id ?? input.stack_name } : { text };
    await refuseAllMacros(runs, source, valuesOf(parameters, stack), macros, readers);
  }
  const id = ticket.replace(/^tkt_/, '');
  const secrets = Object.values(secretValues(input.parameters ?? {}, template));
  const change_set_name = changeSetName(ticket);
  await announce({
    account: readers.caller.account,
    region: readers.caller.region,
    // A name where planning makes the stack, an ARN where it was there before: so that `discard` knows which stacks
    // aren't ours to remove.
    stack_name: stack?.stack_id ?? input.stack_name,
    change_set_name,
  });
  const request: ChangeSetRequest = {
    // By name: moto knows no ARN here. Another stack of that name would show in the answer.
    stack_name: stack?.stack_name ?? input.stack_name,
    change_set_name,
    type: resources_to_import ? 'IMPORT' : creating ? 'CREATE' : 'UPDATE',
    // Not the token of the execution: that one must be in no event before the execution is sent.
    client_token: `plan-${id}`,
    ...(completed ? { template: completed } : {}),
    parameters,
    secrets,
    ...(input.tags ? { tags: input.tags } : {}),
    capabilities: input.capabilities ?? [],
    ...(resources_to_import ? { resources_to_import } : {}),
    description: `Holdshort ticket ${ticket}`,
  };
  const made = await planners.cloudformation.createChangeSet(request);
  if (!creating && made.stack_id !== stack.stack_id) throw failed('the stack was replaced by another one meanwhile');
  refuseElsewhere(made.stack_id, stack?.stack_name ?? input.stack_name, readers);
  const hide = (text: string) => hideGiven(completed?.hide(text) ?? text, secrets);
  const over = new AbortController();
  // AWS makes both at the same time.
  const looking =
    creating || resources_to_import || !compareLive
      ? undefined
      : lookAtLiveState(request, stack, { readers, planners, over: over.signal });
  try {
    refuseOthers(parameters, await untilMade(made.stack_id, made.change_set_id, hide, readers));
  } catch (error) {
    over.abort();
    await looking;
    throw error;
  }
  const live = await looking;
  return {
    what: 'change set',
    id: made.change_set_id,
    stack_id: made.stack_id,
    created_stack: stack === undefined,
    ...(live ? { live } : {}),
  };
}

/**
 * Which template runs is never guessed: an agent that forgets the new one would deploy the old one with new parameters.
 */
function refuseTemplates({ template_body, use_previous_template }: Deployment): void {
  if (template_body !== undefined && use_previous_template)
    throw new HoldshortError(
      'invalid_input',
      'template_body and use_previous_template are both given',
      'pass template_body for another template, or use_previous_template to keep the present one',
    );
  if (template_body === undefined && !use_previous_template)
    throw new HoldshortError(
      'invalid_input',
      'there is no template',
      'pass template_body, or use_previous_template: true to keep the one that the stack runs',
    );
}

function refuse(input: Deployment, stack: Stack | undefined, creating: boolean): void {
  if (stack === undefined && !STACK_NAME.test(input.stack_name)) {
    throw notFound(
      'there is no stack of that ARN',
      'to create a stack give a name; to update one see cloudformation_list_stacks',
    );
  }
  if (creating && input.template_body === undefined) {
    throw new HoldshortError(
      'invalid_input',
      `there is no stack ${input.stack_name} yet, and nothing to create it from`,
      'pass template_body, or check the name and region with cloudformation_list_stacks',
    );
  }
  if (!stack || creating || UPDATABLE.has(stack.stack_status)) return;
  const { stack_name, stack_status } = stack;
  if (stack_status.endsWith('_IN_PROGRESS'))
    throw wrongState(`stack ${stack_name} is ${stack_status}`, 'wait until it is done, then ask again');
  throw wrongState(
    `stack ${stack_name} is ${stack_status}: AWS does not update a stack in this state`,
    'tell your operator; a stack whose creation failed can only be deleted, one whose rollback failed must be repaired',
  );
}

/**
 * An update keeps the values that the call leaves out, if the template that it will run still has those parameters; and
 * those that it gives as they are shown.
 */
function parametersOf(
  { parameters = {} }: Deployment,
  stack: Stack | undefined,
  template: TemplateFacts | undefined,
): ChangeSetRequest['parameters'] {
  const shown = new Map(stack?.parameters.map(({ key, value }) => [key, value]));
  const given = Object.entries(parameters).map(([key, value]) => {
    if (!isMasked(value)) return { key, value };
    const present = shown.get(key) ?? '';
    if (value !== present && !(value === AWS_MASK && isMasked(present))) throw maskedParameter(key);
    return { key, use_previous_value: true };
  });
  const declared = template?.parameters;
  const kept = [...shown.keys()].filter(
    (key) => !Object.hasOwn(parameters, key) && (declared === undefined || declared.includes(key)),
  );
  return [...given, ...kept.map((key) => ({ key, use_previous_value: true }))];
}

/** The values that are known here; what is hidden leads to no template that could be looked at. */
function valuesOf(parameters: ChangeSetRequest['parameters'], stack: Stack | undefined): Values {
  const present = new Map(stack?.parameters.map(({ key, value }) => [key, value]));
  return Object.fromEntries(
    parameters.flatMap(({ key, value = present.get(key) }) =>
      value === undefined || isMasked(value) ? [] : [[key, value]],
    ),
  );
}

function maskedParameter(key: string): HoldshortError {
  return new HoldshortError(
    'invalid_input',
    `the value of parameter ${key} is a mask, and the stack has no value that it stands for`,
    'leave the parameter out to keep its present value; otherwise give the value itself, or a reference to a secret',
  );
}

/** A change set that was made, but elsewhere than where it was asked for, isn't looked at: nothing of it is ours. */
function refuseElsewhere(stackId: string, name: string, { caller }: Readers): void {
  const [, , , region, account, path = ''] = stackId.split(':');
  if (region !== caller.region || account !== caller.account || path.split('/')[1] !== name)
    throw failed('AWS made the change set for another stack than the one that was named');
}

/** What AWS will use is what the call gave, as far as both can be seen; of lists, however they are spaced. */
function refuseOthers(parameters: ChangeSetRequest['parameters'], changeSet: ChangeSet): void {
  const told = new Map(changeSet.parameters.map(({ key, value }) => [key, value]));
  const plain = (value: string) => value.replace(/\s+/g, '');
  const other = parameters.find(({ key, value }) => {
    const used = told.get(key);
    return value !== undefined && used !== undefined && !isMasked(used) && plain(used) !== plain(value);
  });
  if (other) throw failed(`AWS made the change set with another value of the parameter ${other.key}`);
}

async function untilMade(
  stackId: string,
  changeSetId: string,
  hide: (text: string) => string,
  { cloudformation }: Readers,
): Promise<ChangeSet> {
  const giveUp = performance.now() + PATIENCE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const changeSet = await cloudformation.changeSet(stackId, changeSetId);
    if (changeSet?.status === 'CREATE_COMPLETE') return changeSet;
    const reason = changeSet?.status_reason ?? '';
    if (changeSet?.status === 'FAILED') {
      if (NO_CHANGES.test(reason))
        throw new HoldshortError('no_changes', 'the stack is already as asked', 'go on without this call');
      throw failed(`AWS could not make the change set: ${bounded(hide(reason), 400, sha256)}`);
    }
    if (changeSet && !/^CREATE_/.test(changeSet.status)) throw failed(`the change set is ${changeSet.status}`);
    if (performance.now() > giveUp) throw failed('AWS has not made the change set in ten minutes');
    await sleep(pause);
  }
}

function failed(message: string): HoldshortError {
  return new HoldshortError('planning_failed', message, 'correct the template or parameters, then ask again');
}
