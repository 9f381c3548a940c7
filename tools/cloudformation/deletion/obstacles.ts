import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Readers } from '../../define.ts';
import type { Stack } from '../../ports/cloudformation.ts';
import { every } from '../../ports/pages.ts';
import { inUse } from '../../refusing.ts';
import type { OwnedResource } from '../stack/inventory.ts';
import { withUsers } from './export-users.ts';
import { groupNotes } from './group-obstacles.ts';

/** By physical id: what is to be said of a resource beside its line. */
export type Notes = ReadonlyMap<string, string>;

/** Each costs a request or two; a stack can hold 500. */
const MOST = 200;
const SHOWN = 10;

/**
 * What the deletion would fail on half-way, told before: full buckets, instances that are protected, security groups in
 * use. What can't be asked is said in the resource's line: AWS then refuses by itself, after it has deleted other
 * things.
 * @throws in_use, protected
 * @param going the resources that the deletion does not keep
 */
export async function obstacles(
  going: readonly OwnedResource[],
  stackIds: ReadonlySet<string>,
  readers: Readers,
): Promise<Notes> {
  const of = (type: string) => going.filter((one) => one.type === type && one.physical_id);
  const [buckets, instances] = [of('AWS::S3::Bucket'), of('AWS::EC2::Instance')];
  const notes = new Map<string, string>();
  for (const one of [...buckets.slice(MOST), ...instances.slice(MOST)])
    notes.set(one.physical_id ?? '', 'one of too many to look into: AWS refuses if it is not empty or protected');
  for (const bucket of buckets.slice(0, MOST)) await lookIntoBucket(bucket, readers, notes);
  try {
    await refuseProtectedInstances(instances.slice(0, MOST), readers, notes);
  } catch (error) {
    // Anyone who may delete stacks need not be allowed to look at instances: AWS still protects them.
    if (!(error instanceof HoldshortError) || error.code !== 'aws_denied') throw error;
    const note = 'whether it is protected from termination could not be read: AWS refuses if it is';
    for (const { physical_id = '' } of instances) notes.set(physical_id, note);
  }
  for (const [id, note] of await groupNotes(going, stackIds, readers)) notes.set(id, note);
  return notes;
}

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html: "all objects in the bucket"
 * first
 */
async function lookIntoBucket(bucket: OwnedResource, readers: Readers, notes: Map<string, string>): Promise<void> {
  const name = bucket.physical_id ?? '';
  const content = await readers.cloudformation.bucketContent(name);
  if (content === 'not_empty') {
    throw inUse(
      `bucket ${name} (${nameOf(bucket)}) is not empty, and AWS deletes only empty ones`,
      'keep it with DeletionPolicy: Retain (cloudformation_deploy_stack), or let a person empty it, all versions too; then ask again',
    );
  }
  if (content === 'empty') notes.set(name, 'it is empty');
  if (content === 'gone') notes.set(name, 'it is gone already');
  if (content === 'not_known')
    notes.set(
      name,
      'whether it is empty may not be read here: if it is not, AWS deletes other resources and then fails',
    );
}

async function refuseProtectedInstances(
  instances: readonly OwnedResource[],
  { ec2 }: Readers,
  notes: Map<string, string>,
): Promise<void> {
  if (instances.length === 0) return;
  const ids = instances.map(({ physical_id }) => physical_id ?? '');
  // Someone may have terminated some of them outside.
  const listedNow = await ec2.everyInstance([{ name: 'instance-id', values: ids }]);
  const live = listedNow.filter(({ state }) => !/^(terminated|shutting-down)$/.test(state));
  const present = new Set(live.map(({ instance_id }) => instance_id));
  for (const instance of instances) {
    const id = instance.physical_id ?? '';
    if (!present.has(id)) {
      notes.set(id, 'it is terminated already');
      continue;
    }
    const { disable_api_termination, disable_api_stop } = await ec2.protection(id);
    if (!disable_api_termination && !disable_api_stop) continue;
    throw new HoldshortError(
      'protected',
      `${disable_api_termination ? 'termination' : 'stop'} protection is on for instance ${id} (${nameOf(instance)}), so that AWS does not delete it`,
      'a person turns it off, if the instance is really to go; then ask again',
    );
  }
}

/**
 * Exports that other stacks import: AWS cancels the whole deletion then.
 * @param stackIds the stack and those nested in it that go with it
 * @returns what is to be said where that can't be asked.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
 */
export async function refuseUsedExports(
  stack: Stack,
  stackIds: ReadonlySet<string>,
  readers: Readers,
): Promise<readonly string[]> {
  if (stackIds.size === 1 && !stack.outputs.some(({ export_name }) => export_name !== undefined)) return [];
  const exports = await exportsOf(stackIds, readers);
  const inside = new Set([...stackIds].map((id) => id.split('/')[1] ?? id));
  const used = await withUsers(exports.slice(0, MOST), readers);
  const outside = used.flatMap(({ name, imported_by = [] }) => {
    const stacks = imported_by.filter((one) => !inside.has(one));
    return stacks.length > 0 ? [`${name} by ${listed(stacks)}`] : [];
  });
  if (outside.length > 0) {
    throw inUse(
      `exports of stack ${stack.stack_name} are imported by other stacks: ${listed(outside)}`,
      'change or delete those stacks first, so that they import nothing of it; then ask again',
    );
  }
  const unknown = [
    ...used.filter(({ imported_by }) => imported_by === undefined).map(({ name }) => name),
    ...exports.slice(MOST).map(({ name }) => name),
  ];
  return unknown.length > 0
    ? [`who imports its exports could not be read (${listed(unknown)}): AWS refuses the deletion if anybody does`]
    : [];
}

async function exportsOf(stackIds: ReadonlySet<string>, { cloudformation }: Readers) {
  const all = await every('ListExports', (cursor) => cloudformation.exports(cursor));
  return all.filter(({ exporting_stack }) => stackIds.has(exporting_stack));
}

function listed(names: readonly string[]): string {
  const left = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

function nameOf({ path, logical_id }: OwnedResource): string {
  return [...path, logical_id].join('/');
}
