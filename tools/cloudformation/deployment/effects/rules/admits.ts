import type { Json } from '../../../../../src/kernel/digest.ts';
import { EVERYONE, type Finding } from '../finding.ts';
import { admitted, calledBy, trusted } from '../identity/admits.ts';
import { isOwnCode } from '../identity/holders.ts';
import { isResourcePolicy, LAMBDA_PERMISSION, ROLE } from '../identity/read-types.ts';
import { same } from '../resource-settings.ts';
import { accessAt, toldOf } from './access.ts';
import { labelOf, type Place, say } from './place.ts';

/**
 * Who may use something: a resource's policy, a role's trust, a principal. The mainstream's are read. Any other than
 * before may let in more, and so may none: AWS's default.
 */
export function admits(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (same(before, after)) return [];
  const { type, before: past, after: properties, names, namesBefore, added, account } = place.resource;
  const whole = accessAt(before, after, place);
  if (whole && type === LAMBDA_PERMISSION && properties) {
    const was = past && { properties: past, names: namesBefore };
    return toldOf(place, calledBy({ properties, names, added, account }, was));
  }
  const access = after === undefined ? undefined : whole;
  if (access && type === ROLE) return toldOf(place, trusted(access));
  if (access && isResourcePolicy(type, access.property)) {
    const isOurs = (role: string) => isOwnCode(role, place.resource);
    return toldOf(place, admitted({ ...access, account, isOwnCode: isOurs }));
  }
  return say(place, 'expose', `${labelOf(place)} says who may use it`, EVERYONE);
}
