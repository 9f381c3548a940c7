import type { ResourceChange, ResourcePolicies, StackResource, TemplateFacts } from '../../ports/cloudformation.ts';
import { isRetained, NESTED_STACK } from '../stack/inventory.ts';
import { unaccounted } from './accounted.ts';
import type { Level } from './levels.ts';

/** States of what a stack's list still names but hasn't. */
const GONE = /^(DELETE_COMPLETE|DELETE_SKIPPED|CREATE_FAILED)$/;

/**
 * Why a change isn't believed, by what else AWS says of the stack: its resources, and the two templates. A change set
 * that names another stack's database by a harmless logical id must not pass for what the stack has.
 * @param imports the resources that the call asks to import, as `LogicalId Type`
 */
export function mismatches(level: Level, change: ResourceChange, imports: ReadonlySet<string>): readonly string[] {
  const { action, logical_id, type, physical_id } = change;
  const listed = level.changeSet.changes.filter((other) => other.logical_id === logical_id).length;
  const resource = level.resources.find((one) => one.logical_id === logical_id);
  const account = accountOf(physical_id);
  return [
    ...(listed > 1 ? ['it is listed more than once'] : []),
    ...(account !== '' && account !== accountOf(level.stack.stack_id) ? ['it is in another account'] : []),
    ...(action === 'Add' || action === 'Import' ? ofNew(change, resource) : ofPresent(change, resource)),
    ...(action === 'Import' && !imports.has(`${logical_id} ${type}`) ? ['nobody asked to import it'] : []),
    ...ofTemplates(change, level),
    ...unaccounted(change, level),
  ];
}

/** The stack's resources that the new template hasn't and of which the change set says nothing. */
export function unmentioned({ resources, future, changeSet }: Level): readonly StackResource[] {
  const mentioned = new Set(changeSet.changes.map(({ logical_id }) => logical_id));
  return resources.filter(
    ({ logical_id, status }) =>
      !status.startsWith('DELETE_') && !mentioned.has(logical_id) && policiesOf(future, logical_id) === undefined,
  );
}

/** The empty shell of a nested stack is there before the stack is created. */
function ofNew({ type, action, physical_id }: ResourceChange, resource: StackResource | undefined): readonly string[] {
  return [
    ...(resource && !GONE.test(resource.status) ? ['the stack has it already'] : []),
    ...(action === 'Add' && physical_id !== undefined && type !== NESTED_STACK ? ['it is new, and has an id'] : []),
  ];
}

/** A plain removal is the worst there is without an id as well (moto): what goes is what the stack has by that name. */
function ofPresent(change: ResourceChange, resource: StackResource | undefined): readonly string[] {
  const { action, type, physical_id, policy_action } = change;
  if (!resource) return ['the stack has no such resource'];
  const removed = action === 'Remove' && policy_action === undefined && physical_id === undefined;
  return [
    ...(resource.type === type ? [] : ['the stack has one of another type']),
    ...(removed || resource.physical_id === physical_id ? [] : ['the stack has another one by that name']),
  ];
}

function ofTemplates({ action, type, policy_action, logical_id }: ResourceChange, level: Level): readonly string[] {
  if (action === 'Remove')
    return milder(policy_action, policiesOf(level.present, logical_id))
      ? ['it is to be kept, and its template does not say so']
      : [];
  const after = policiesOf(level.future, logical_id);
  if (after) return after.type === type ? [] : ['the new template has one of another type'];
  return action === 'Add' && isSame(level) ? [] : ['the new template has no such resource'];
}

/**
 * Does the endpoint show the stack's present template as the new one, or an empty one where there is no stack yet, as
 * moto does? What is added is then judged by what the change set shows of it alone.
 */
function isSame({ present, future }: Level): boolean {
  return present ? present.sha256 === future.sha256 : Object.keys(future.resources).length === 0;
}

/** Would less be lost than by what the template says? What an RDS instance keeps by default isn't always known. */
function milder(policyAction: string | undefined, policies: ResourcePolicies | undefined): boolean {
  const { deletion_policy, snapshot_by_default, type = '' } = policies ?? {};
  if (deletion_policy === 'computed') return false;
  if (policyAction === 'Retain') return !isRetained(policies);
  if (policyAction === 'Snapshot')
    return deletion_policy !== 'Snapshot' && !snapshot_by_default && type !== 'AWS::RDS::DBInstance';
  return false;
}

function policiesOf(facts: TemplateFacts | undefined, id: string): ResourcePolicies | undefined {
  return facts && Object.hasOwn(facts.resources, id) ? facts.resources[id] : undefined;
}

/**
 * The account in an ARN; empty for what is none, or of no account. An id of several parts (`arn:…:role/team|cluster`)
 * begins with whom or what it is about, which may be another account's.
 */
function accountOf(arn = ''): string {
  return arn.startsWith('arn:') && !arn.includes('|') ? (arn.split(':')[4] ?? '') : '';
}
