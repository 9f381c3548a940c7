import type { Json } from '../../../../../src/kernel/digest.ts';
import { EVERYONE, type Finding } from '../finding.ts';
import { isForOwnCode } from '../identity/holders.ts';
import { permitted } from '../identity/permits.ts';
import { isRight, ROLE } from '../identity/read-types.ts';
import { onlyService } from '../identity/services.ts';
import { isOff, same } from '../resource-settings.ts';
import { accessAt, toldOf } from './access.ts';
import { labelOf, type Place, say } from './place.ts';

/**
 * What something may do: policy documents, managed policies. Those of roles are read. Any other than before may give
 * more. What is new and empty gives nothing; what becomes empty may fall back to a default that gives more.
 */
export function permits(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (same(before, after) || (before === undefined && isOff(after))) return [];
  const { type, after: properties } = place.resource;
  const access = accessAt(before, after, place);
  if (!access || !isRight(type, access.property))
    return say(place, 'expose', `${labelOf(place)} says what it may do`, EVERYONE);
  if (type !== ROLE)
    return toldOf(
      place,
      permitted({ ...access, isForOwnCode: isForOwnCode(place.resource), trust: undefined, inline: undefined }),
    );
  const { AssumeRolePolicyDocument: trust, Policies: inline } = properties ?? {};
  // Who may be a new one, its trust says on a line of its own.
  const isOurs = access.isNew || onlyService(trust) !== undefined;
  return toldOf(place, permitted({ ...access, isForOwnCode: isOurs, trust, inline }));
}
