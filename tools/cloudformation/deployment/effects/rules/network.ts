import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { closedBy, openedBy } from '../network-rules.ts';
import { type Place, say } from './place.ts';
import { isUnreadable } from './reading.ts';

/** Network rules: all that the resource says of them counts together. */
export function network(was: Json | undefined, is: Json | undefined, place: Place): readonly Finding[] {
  const { isNew, before, after } = place.resource;
  if (!after || (!isNew && !before) || isUnreadable(was) || isUnreadable(is))
    return [
      ...say(place, 'expose', 'AWS does not say which network access it opens'),
      ...say(place, 'disrupt', 'AWS does not say which network access it ends'),
    ];
  const opened = openedBy(isNew ? undefined : before, after);
  const closed = isNew || !before ? undefined : closedBy(before, after);
  return [
    ...(opened === undefined ? [] : say(place, 'expose', opened)),
    ...(closed === undefined ? [] : say(place, 'disrupt', closed)),
  ];
}
