import type { Json } from '../../../../src/kernel/digest.ts';
import { sha256 } from '../../../../src/kernel/digest.ts';
import { bounded } from '../../../../src/kernel/safe-text.ts';
import type { ResourceChange } from '../../../ports/cloudformation.ts';
import { CHANGED, isMasked } from '../../../ports/masks.ts';
import { isReference, nameOf } from '../../../ports/redaction.ts';
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

/**
 * Properties that came from a secret, and have another value now that doesn't: who may read that reads it. The
 * attacker, who may read parameters, asks for a change that only moves a password.
 * @param unkept those whose secrets went, by the templates: what AWS shows of them may be masked
 */
export function openedSecrets({ after_context }: ResourceChange, unkept: readonly string[]): readonly string[] {
  const after = propertiesOf(after_context) ?? {};
  return unkept.flatMap((name) => {
    const value = Object.hasOwn(after, name) ? JSON.stringify(after[name]) : '';
    if (!value.includes(CHANGED) && !value.includes(PLAIN)) return [];
    return [`${bounded(name, 120, sha256)} came from a secret, and comes from where less keeps it`];
  });
}

/** Where such texts are. Items of a list count by their names, because others may come before them. */
function placesIn(value: Json | undefined, around: readonly string[], such: (text: string) => boolean): string[] {
  if (typeof value === 'string') return such(value) ? [JSON.stringify(around.join('.'))] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value))
    return value.flatMap((item: Json) => placesIn(item, [...around, nameOf(item) ?? '*'], such));
  return Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...around, key], such));
}
