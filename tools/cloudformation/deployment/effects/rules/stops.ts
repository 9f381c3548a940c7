import type { Finding } from '../finding.ts';
import { labelOf, type Place, say } from './place.ts';

/**
 * Types of instances that surely have no disks of their own: AWS marks those that have some by a `d` behind the
 * generation, in these families. What isn't known by its name may have some.
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
const WITHOUT_DISKS = /^(t[2-9]|[mcr][4-9])(?![a-z-]*d)[a-z-]*\.[a-z0-9]+$/;

/**
 * What is on an instance's own disks doesn't survive that it is stopped.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-lifetime.html
 */
export function stops(place: Place): readonly Finding[] {
  const { InstanceType: type } = place.resource.before ?? {};
  const found = say(place, 'disrupt', `${labelOf(place)} changes, for which the instance is stopped`);
  if (typeof type === 'string' && WITHOUT_DISKS.test(type)) return found;
  return found.map(({ why, ...one }) => ({
    ...one,
    why: `${why}: what is on disks of its own is lost`,
    recoverable: false,
  }));
}
