/** The thread in which templates are compared: an entry of its own, never imported. */
import { parentPort } from 'node:worker_threads';
import { fullDiff } from '@aws-cdk/cloudformation-diff';
import type { Opinion } from '../../../tools/ports/cloudformation.ts';

export interface Comparison {
  readonly id: number;
  /** Resources by their logical ids, as the templates have them. */
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly logical_ids: readonly string[];
  /** By logical id, the properties that AWS's answer changes in place. */
  readonly in_place: Readonly<Record<string, readonly string[]>>;
}

export interface Answer {
  readonly id: number;
  readonly opinions: readonly Opinion[];
}

parentPort?.on('message', ({ id, before, after, logical_ids, in_place }: Comparison) => {
  const opinions = logical_ids.flatMap((logical_id) => [
    ...read(() => opinionOf(logical_id, before[logical_id], after[logical_id])),
    ...(in_place[logical_id] ?? []).flatMap((name) => read(() => contradicted(logical_id, after[logical_id], name))),
  ]);
  parentPort?.postMessage({ id, opinions } satisfies Answer);
});

/** A resource that can't be read is no reason to say nothing of the others. */
function read(opinions: () => readonly Opinion[]): readonly Opinion[] {
  try {
    return opinions();
  } catch {
    return [];
  }
}

/**
 * Each resource alone. With all of them the package follows references until nothing changes any more, which takes a
 * minute for five hundred that refer to each other in a row; the change set follows them anyway.
 */
function opinionOf(logical_id: string, before: unknown, after: unknown): readonly Opinion[] {
  const alone = (resource: unknown) => ({ Resources: resource === undefined ? {} : { [logical_id]: resource } });
  const diff = fullDiff(alone(before), alone(after));
  const impact = diff.resources.changes[logical_id]?.changeImpact;
  const found: Opinion[] = [];
  if (before !== undefined && after !== undefined && (impact === 'WILL_REPLACE' || impact === 'MAY_REPLACE'))
    found.push({
      logical_id,
      effect: 'replace',
      why: "AWS's resource specification says that it may be replaced",
      ...(impact === 'MAY_REPLACE' ? { about: 'maybe' } : {}),
    });
  if (diff.iamChanges.permissionsBroadened)
    found.push({ logical_id, effect: 'expose', why: 'the templates differ in who may do what', about: 'access' });
  const { ingress, egress } = diff.securityGroupChanges;
  // A new group lets everything out where it says nothing: whatever it says is no more than that.
  const isNewGroup = before === undefined && typeOf(after) === 'AWS::EC2::SecurityGroup';
  const added = [...ingress.additions, ...(isNewGroup ? [] : egress.additions)];
  if (added.length > 0)
    found.push({ logical_id, effect: 'expose', why: 'the templates differ in who may connect', about: 'network' });
  return found;
}

/**
 * A property that always replaces can't change in place: the attacker answers in AWS's place, and a value that comes
 * from a parameter is the same in both templates. One that replaces in some cases alone isn't held against AWS.
 */
function contradicted(logical_id: string, resource: unknown, name: string): readonly Opinion[] {
  const Type = typeOf(resource);
  const having = (value: string) => ({ Resources: { [logical_id]: { Type, Properties: { [name]: value } } } });
  const { changes } = fullDiff(having('one'), having('another')).resources;
  if (changes[logical_id]?.changeImpact !== 'WILL_REPLACE') return [];
  return [{ logical_id, effect: 'replace', why: "AWS's resource specification says that it is replaced" }];
}

function typeOf(resource: unknown): unknown {
  return typeof resource === 'object' && resource !== null && 'Type' in resource ? resource.Type : undefined;
}
