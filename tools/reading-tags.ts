/**
 * Keys of tags by which people find things, and nothing decides. Any other may be what an environment rule, a policy,
 * an owner or a backup goes by, also when it is new: a new tag may match a milder rule just as well.
 */
const FOR_READING: ReadonlySet<string> = new Set(['Name', 'Description']);

/** Does nothing rest on a tag of this key? */
export function isForReading(key: string): boolean {
  return FOR_READING.has(key);
}
