import type { Json } from '../../../../src/kernel/digest.ts';
import { sha256 } from '../../../../src/kernel/digest.ts';
import { bounded } from '../../../../src/kernel/safe-text.ts';
import type { ResourceChange } from '../../../ports/cloudformation.ts';
import { CHANGED, HIDDEN, isMasked } from '../../../ports/masks.ts';
import { isReference, nameOf } from '../../../ports/redaction.ts';
import { type Finding, finding } from './finding.ts';
import { isUntold, propertiesOf } from './resource-settings.ts';

/** The hidden values of a resource that a change takes away: what needs one fails, and nobody here can put it back. */
export function lostSecrets(change: ResourceChange): readonly string[] {
  const [before, after] = [propertiesOf(change.before_context), propertiesOf(change.after_context)];
  if (!before || !after) return [];
  const kept = placesIn(
    after as Json,
    [],
    (value) => isMasked(value) || isUntold(value) || (value !== '' && isReference(value)),
  );
  return placesIn(before as Json, [], isMasked).flatMap((place) => {
    const at = kept.indexOf(place);
    if (at < 0) return [`${bounded(place, 120, sha256)} loses a hidden value, which nobody can read back here`];
    // Items without a name share a place: each stands for one.
    kept.splice(at, 1);
    return [];
  });
}

/** A parameter in plain text. */
const PLAIN = '{{resolve:ssm:';

/** A property that took a secret by the template that the stack runs. */
export interface Unkept {
  readonly name: string;
  /** A NoEcho parameter, or another hidden value, stands there now. */
  readonly is_hidden: boolean;
}

/** The name of a secret, or of a parameter, by which code asks for it. */
const NAMES_SECRET = /arn:aws[a-z-]*:(?:secretsmanager:[^"\\\s]*:secret:|ssm:[^"\\\s]*:parameter\/)[^"\\\s]*/g;

/** Where a task has them, all that stands there is hidden. */
const NAMES_SECRETS = /\.Secrets"$/;

/**
 * Properties that came from a secret, and have another value now that doesn't: who may read that reads it. The
 * attacker, who may look at a stack or read parameters, asks for a change that only moves a password. What stands in
 * the template is shown there to all who may look at it; so is what stands where only a secret's name stood.
 * @param unkept those whose secrets went, by the templates: what AWS shows of them may be masked
 */
export function openedSecrets(
  { before_context, after_context }: ResourceChange,
  unkept: readonly Unkept[],
): readonly Finding[] {
  const [before, after] = [propertiesOf(before_context) ?? {}, propertiesOf(after_context) ?? {}];
  const moved = unkept.flatMap(({ name, is_hidden }) => {
    const [was, is] = [before, after].map((all) => (Object.hasOwn(all, name) ? JSON.stringify(all[name]) : ''));
    const came = `${bounded(name, 120, sha256)} came from a secret`;
    const isSpelledOut = is?.includes(CHANGED) || (is?.includes(HIDDEN) && !was?.includes(HIDDEN));
    if (isSpelledOut && !is_hidden)
      return [finding('expose', `${came}, and stands in the template: who may look at the stack reads it`)];
    const isLess = is_hidden || is?.includes(PLAIN);
    return isLess ? [finding('weaken', `${came}, and comes from where less keeps it`)] : [];
  });
  return [...moved, ...Object.keys(after).flatMap((name) => spelledOut(name, before[name], after[name]))];
}

function spelledOut(name: string, before: Json | undefined, after: Json | undefined): readonly Finding[] {
  const [was, is] = [before, after].map((value) => JSON.stringify(value ?? ''));
  const stays = new Set(placesIn(after, [name], isMasked));
  const isGone =
    (was?.match(NAMES_SECRET) ?? []).some((one) => !is?.includes(one)) ||
    placesIn(before, [name], isMasked).some((place) => NAMES_SECRETS.test(place) && !stays.has(place));
  const kept = new Set(placesIn(before, [name], isMasked));
  const shown = isGone ? placesIn(after, [name], isMasked).filter((place) => !kept.has(place)) : [];
  const why = 'stands in the template, where the name of a secret stood: who may look at it reads it';
  return shown.map((place) => finding('expose', `${bounded(place, 120, sha256)} ${why}`));
}

/** Where such texts are. Items of a list count by their names, because others may come before them. */
function placesIn(value: Json | undefined, around: readonly string[], such: (text: string) => boolean): string[] {
  if (typeof value === 'string') return such(value) ? [JSON.stringify(around.join('.'))] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value))
    return value.flatMap((item: Json) => placesIn(item, [...around, nameOf(item) ?? '*'], such));
  return Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...around, key], such));
}
