import type { Json } from '../../../../../src/kernel/digest.ts';
import type { Finding } from '../finding.ts';
import { type Place, sayVerdict } from './place.ts';

/** A function, or a service of AWS: whose that is, is judged as code. */
const WITHIN_AWS = /^arn:aws/;

/**
 * Where it passes on what callers send. The attacker has an API pass on its callers' tokens to a host of theirs, and
 * answer as before.
 */
export function passesOn(before: Json | undefined, after: Json | undefined, place: Place): readonly Finding[] {
  if (place.resource.isNew || after === undefined || WITHIN_AWS.test(String(after))) return [];
  const host = hostOf(after);
  return host !== undefined && host === hostOf(before) ? [] : sayVerdict(place, 'expose', 'leads to another host');
}

/** As it is written, with a port, and with what a stage's variables stand for. */
function hostOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? /^https?:\/\/([^/?#\\\s]+)/i.exec(value)?.[1]?.toLowerCase() : undefined;
}
