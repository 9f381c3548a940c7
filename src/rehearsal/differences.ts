import { nestedStacks } from '../../tools/cloudformation/undo/keep-stack.ts';
import { lostWith } from '../../tools/cloudformation/undo/lost.ts';
import type { Readers } from '../../tools/define.ts';
import type { StackAsItIs } from '../../tools/ports/cloudformation-keeper.ts';
import type { Keepers } from '../../tools/ports/keepers.ts';
import { stableJson } from '../kernel/digest.ts';
import type { Finding } from '../kernel/rehearsal.ts';

const STACK = 'AWS::CloudFormation::Stack';

/** What there is at a moment; undefined where there is no stack of that name. */
export type Snapshot =
  | {
      readonly stack: StackAsItIs;
      /** By the path of logical ids. */
      readonly things: ReadonlyMap<string, { readonly type: string; readonly id: string }>;
    }
  | undefined;

export async function snapshotOf(name: string, readers: Readers, keepers: Keepers): Promise<Snapshot> {
  const found = await readers.cloudformation.stack(name);
  if (!found || found.stack_status === 'REVIEW_IN_PROGRESS') return undefined;
  const stack = await keepers.cloudformation.stack(found.stack_id);
  const things = new Map<string, { type: string; id: string }>();
  const add = (path: string, { resources }: StackAsItIs) => {
    for (const { logical_id, type, physical_id, status } of resources)
      if (physical_id && !/^DELETE_(COMPLETE|SKIPPED)$/.test(status))
        things.set(`${path}${logical_id}`, { type, id: physical_id });
  };
  const addAll = (path: string, nested: Awaited<ReturnType<typeof nestedStacks>>) => {
    for (const one of nested) {
      if (!('template' in one)) continue;
      add(`${path}${one.logical_id}/`, one);
      addAll(`${path}${one.logical_id}/`, one.nested);
    }
  };
  add('', stack);
  addAll('', await nestedStacks(stack, keepers));
  return { stack, things };
}

/** What of it was deleted, as `TYPE ID`: what has that id afterwards is another thing. */
export async function deletedSince(
  before: Snapshot,
  since: string,
  { cloudformation }: Readers,
): Promise<ReadonlySet<string>> {
  if (!before) return new Set();
  const nested = [...before.things.values()].filter(({ type, id }) => type === STACK && id.startsWith('arn:'));
  const stacks = [before.stack.stack_id, ...nested.map(({ id }) => id)];
  const events = await Promise.all(stacks.map(async (id) => await cloudformation.events(id, since)));
  const gone = events.flat().filter(({ status }) => status === 'DELETE_COMPLETE');
  return new Set(gone.map(({ type, physical_id }) => `${type} ${physical_id}`));
}

/**
 * What isn't as it was.
 * @param whole the way back came to its end: then everything should be as it was, and nothing more. Otherwise only what
 *   was there before is looked for
 * @param deleted from `deletedSince`
 */
export function notBack(
  before: Snapshot,
  after: Snapshot,
  { whole, deleted }: { readonly whole: boolean; readonly deleted: ReadonlySet<string> },
): readonly Finding[] {
  if (!before) return [];
  const { stack_name } = before.stack;
  if (!after) return [{ resource: stack_name, type: STACK, what: 'the stack is not there, nor what was in it' }];
  return [...(whole ? ofStack(before.stack, after.stack) : []), ...ofThings(before, after, whole, deleted)];
}

function ofThings(
  before: NonNullable<Snapshot>,
  after: NonNullable<Snapshot>,
  whole: boolean,
  deleted: ReadonlySet<string>,
): readonly Finding[] {
  const gone = [...before.things].flatMap(([path, { type, id }]): readonly Finding[] => {
    const now = after.things.get(path);
    if (!now) return [{ resource: path, type, what: 'it is not there' }];
    const another = now.id !== id;
    if (!another && !deleted.has(`${type} ${id}`)) return [];
    const made = another ? 'made again, with another id' : 'made again, with the same id';
    return [{ resource: path, type, what: type === STACK ? made : `${made}; not back: ${lostWith(type)}` }];
  });
  const more = [...after.things].flatMap(([path, { type }]): readonly Finding[] =>
    whole && !before.things.has(path) ? [{ resource: path, type, what: 'it is there, and was not before' }] : [],
  );
  return [...gone, ...more];
}

/** Values may be secrets: what differs is named, and not shown. */
function ofStack(before: StackAsItIs, after: StackAsItIs): readonly Finding[] {
  const names = [
    ...(before.stack_id === after.stack_id ? [] : ['its ARN is another']),
    ...(before.template === after.template ? [] : ['its template is another']),
    ...differing(before.parameters, after.parameters).map((name) => `its parameter ${name} is another`),
    ...differing(before.tags, after.tags).map((name) => `its tag ${name} is another, or not there`),
    ...differing(outputsOf(before), outputsOf(after)).map((name) => `its output ${name} is another`),
    ...(before.stack_policy === after.stack_policy ? [] : ['its stack policy is another, or not there']),
    ...(before.termination_protection === after.termination_protection ? [] : ['its termination protection is off']),
    ...(before.role_arn === after.role_arn ? [] : ['its service role is another, or not there']),
    ...(before.notification_arns.join() === after.notification_arns.join()
      ? []
      : ['whom it tells of its events is another, or nobody']),
    ...(stableJson(before.rollback) === stableJson(after.rollback)
      ? []
      : ['its rollback triggers are others, or none']),
  ];
  return names.map((what) => ({ resource: before.stack_name, type: STACK, what }));
}

function outputsOf({ outputs }: StackAsItIs): Readonly<Record<string, string>> {
  return Object.fromEntries(outputs.map(({ key, value }) => [key, value]));
}

function differing(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]).sort();
}
