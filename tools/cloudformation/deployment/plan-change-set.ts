import { EFFECTS, worse } from '../../../src/kernel/effects.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import type { TagRules } from '../../../src/kernel/tag-effect.ts';
import type { ResourceChange, StackResource, TemplateFacts } from '../../ports/cloudformation.ts';
import { wrongState } from '../../refusing.ts';
import type { Knowledge } from '../knowledge/language.ts';
import { isRetained, NESTED_STACK, type OwnedResource } from '../stack/inventory.ts';
import { type LeftOut, leftOut } from './accounted.ts';
import { addedBy } from './effects/added.ts';
import { attributePolicies } from './effects/attribute-policies.ts';
import { impactOf, type Sight } from './effects/change-effect.ts';
import { newRoleOf } from './effects/custom-resource.ts';
import { weakenedPolicies } from './effects/deletion-policies.ts';
import { finding } from './effects/finding.ts';
import type { Level, Levels } from './levels.ts';
import { type LiveState, liveNotes, writtenOver } from './live-state.ts';
import { mismatches, unmentioned } from './mismatches.ts';
import { byEffect } from './order.ts';
import { type Reached, reachedBy } from './reached.ts';
import { readSecrets, secretLines, unkeptIn } from './secrets-read.ts';
import { shownLines } from './shown-values.ts';
import { sharedLines, stackLines } from './stack-lines.ts';
import type { StoredDeployment } from './stored.ts';
import { functionLines } from './unknown-functions.ts';

/** By what changes are judged. */
export interface Judging {
  readonly knowledge: Knowledge;
  readonly tagRules: TagRules;
}

interface Deployment extends Judging {
  readonly stored: StoredDeployment;
  readonly levels: Levels;
  /** What was changed by hand, where that was looked at; of the stack itself, not of those nested in it. */
  readonly live?: LiveState | undefined;
}

/** What executing a change set would do. @throws wrong_state when it can't be executed */
export function planChangeSet({ stored, levels, knowledge, tagRules, live }: Deployment): {
  readonly summary: string;
  readonly impact: readonly Impact[];
  readonly reached: readonly Reached[];
} {
  const [root, ...nested] = levels;
  const { stack, creating, changeSet } = root;
  if (changeSet.status !== 'CREATE_COMPLETE' || changeSet.execution_status !== 'AVAILABLE') {
    throw wrongState(
      `the change set is ${changeSet.status} and ${changeSet.execution_status}, not available for execution`,
      'ask again: a new change set is made',
    );
  }
  const readings = levels.map((level) => (level === root ? { ...level, given: stored.references } : level));
  const asked = new Set(stored.resources_to_import?.map((one) => `${one.logical_resource_id} ${one.resource_type}`));
  const judging = { knowledge, tagRules };
  const impact = [
    ...levelLines(root, judging, asked, live),
    ...nested.flatMap((level) => levelLines(level, judging, new Set())),
    ...stackLines(stored, root, tagRules),
    ...readings.flatMap(secretLines),
    ...levels.flatMap((level) => shownLines(level, levels, stored)),
    ...levels.flatMap(functionLines),
    ...nested.flatMap(sharedLines),
  ].sort(byEffect);
  const imports = changeSet.changes.some(({ action }) => action === 'Import');
  const verb = imports ? 'import into' : creating ? 'create' : 'update';
  return {
    summary: `${verb} stack ${stack.stack_name}`,
    impact,
    reached: [...reachedBy(levels, knowledge), ...readings.flatMap(readSecrets)],
  };
}

function levelLines(level: Level, judging: Judging, imports: ReadonlySet<string>, live?: LiveState): readonly Impact[] {
  const { changeSet, present, removed } = level;
  const around = { ...judging, imports, added: addedIn(level, imports) };
  const changed = new Set(
    changeSet.changes.filter(({ action }) => action === 'Modify').map((change) => change.logical_id),
  );
  return [
    ...changeSet.changes.flatMap((change) => [
      impactOf(change, {
        ...sightOf(level, change, around),
        by_hand: writtenOver(live, change.logical_id),
        notes: level.path.length > 0 ? [] : liveNotes(live, change.logical_id),
      }),
      ...(removed.get(change.logical_id) ?? []).map(removedLine),
    ]),
    // A policy alone isn't a change of the resource, and AWS lists none.
    ...Object.keys(present?.resources ?? {}).flatMap((id) => (changed.has(id) ? [] : policyLine(level, id))),
    ...unmentioned(level).map((resource) => unmentionedLine(level, resource)),
    ...leftOut(level).map((one) => leftOutLine(level, one)),
  ];
}

function leftOutLine({ path, resources }: Level, { logical_id, type, why }: LeftOut): Impact {
  const name = [...path, logical_id].join('/');
  const resource = resources.find((one) => one.logical_id === logical_id)?.physical_id || name;
  return { resource, type, effect: 'unknown', detail: `${name}: ${why}`, recoverable: false };
}

function unmentionedLine({ path }: Level, { logical_id, physical_id, type }: StackResource): Impact {
  const name = [...path, logical_id].join('/');
  const detail = `${name}: the new template does not have it, and AWS does not list what becomes of it`;
  return { resource: physical_id || name, type, effect: 'unknown', detail, recoverable: false };
}

/** The resources of a level of which a second reading of the templates could still say something worse. */
export function doubtfulIn(level: Level, judging: Judging): readonly string[] {
  const { changes } = level.changeSet;
  const imports = new Set<string>();
  const around = { ...judging, imports, added: addedIn(level, imports) };
  return changes.flatMap((change) => {
    const { effect } = impactOf(change, sightOf(level, change, around));
    const asked =
      change.action === 'Modify'
        ? EFFECTS.indexOf(effect) < EFFECTS.indexOf('replace')
        : change.action === 'Add' && effect === 'create' && /SecurityGroup|Policy|Policies/.test(change.type);
    return asked && change.type !== NESTED_STACK ? [change.logical_id] : [];
  });
}

/** By logical id, the properties that AWS says change in place. */
export function inPlaceIn({ changes }: Level['changeSet'], ids: readonly string[]): Readonly<Record<string, string[]>> {
  const asked = changes.filter(({ action, logical_id }) => action === 'Modify' && ids.includes(logical_id));
  return Object.fromEntries(
    asked.map(({ logical_id, properties }) => [
      logical_id,
      properties.flatMap(({ attribute, name }) => (attribute === 'Properties' && name ? [name] : [])),
    ]),
  );
}

/** What is surely new, where what AWS says of it fits all else that it says. */
function addedIn(level: Level, imports: ReadonlySet<string>): ReadonlySet<string> {
  const believed = level.changeSet.changes.filter((change) => mismatches(level, change, imports).length === 0);
  return addedBy(believed, level.present);
}

interface Around extends Judging {
  /** Ids and types of what is to be imported. */
  readonly imports: ReadonlySet<string>;
  readonly added: ReadonlySet<string>;
}

function sightOf(level: Level, change: ResourceChange, { knowledge, tagRules, imports, added }: Around): Sight {
  const { path, present, future, resources, nested, opinions } = level;
  const { logical_id } = change;
  // Where something stands, an attacker's code would use it, empty it or take its role, at once.
  const runsAs = resources.length === 0 ? newRoleOf(logical_id, future, added) : undefined;
  const drift = resources.find((resource) => resource.logical_id === logical_id)?.drift;
  return {
    name: [...path, logical_id].join('/'),
    before: policiesOf(present, logical_id),
    after: policiesOf(future, logical_id),
    looked: nested.get(logical_id) ?? 'hidden',
    opinions: opinions.filter((opinion) => opinion.logical_id === logical_id),
    doubts: [...change.doubts, ...mismatches(level, change, imports)],
    ...(drift === undefined ? {} : { drift }),
    unkept: unkeptIn(level, logical_id),
    knowledge,
    tagRules,
    added,
    resources: future.resources,
    account: level.stack.stack_id.split(':')[4] ?? '',
    ...(runsAs === undefined ? {} : { runs_as: runsAs }),
  };
}

type Policies = TemplateFacts['resources'][string] | undefined;

function policiesOf(facts: TemplateFacts | undefined, id: string): Policies {
  return facts && Object.hasOwn(facts.resources, id) ? facts.resources[id] : undefined;
}

function policyLine({ path, present, future }: Level, id: string): readonly Impact[] {
  const after = policiesOf(future, id);
  const before = policiesOf(present, id);
  const found = [
    ...weakenedPolicies(before, after).map((why) => finding('weaken', why)),
    ...attributePolicies(before, after),
  ];
  if (found.length === 0) return [];
  const name = [...path, id].join('/');
  const detail = `${name}: ${[...new Set(found.map(({ why }) => why))].join('; ')}`;
  const effect = found.map((one) => one.effect).reduce(worse);
  return [
    {
      resource: name,
      type: after?.type ?? 'unknown',
      effect,
      detail,
      recoverable: found.every((one) => one.effect !== effect || one.recoverable),
    },
  ];
}

/** What goes with a nested stack that is removed: its own policies count, whatever the stack around it says. */
function removedLine({ path, logical_id, physical_id, type, policies }: OwnedResource): Impact {
  const name = [...path, logical_id].join('/');
  const line = { resource: physical_id || name, type };
  if (isRetained(policies))
    return { ...line, effect: 'weaken', detail: `${name}: stays, but no stack manages it any more`, recoverable: true };
  const snapshot = policies?.deletion_policy === 'Snapshot';
  const how = snapshot ? 'deleted after a final snapshot' : 'deleted';
  return { ...line, effect: 'delete', detail: `${name}: ${how} with its stack`, recoverable: snapshot };
}
