/**
 * What a change really does, from the mildest to the worst. Tools report effects, never severities: policy decides what
 * an effect is worth. The order is only used to say which effect of several is shown first and to keep a second opinion
 * from lowering a verdict. What lets others in at once comes after what only protects less: where both are true of one
 * thing, people read the former.
 *
 * Two say what isn't known. `unjudged`: AWS says what would change, and nobody has reviewed yet what that does.
 * `unknown`: it can't be told what would change.
 */
export const EFFECTS = [
  'read',
  'create',
  'modify',
  'unjudged',
  'disrupt',
  'weaken',
  'expose',
  'replace',
  'delete',
  'unknown',
] as const;

export type Effect = (typeof EFFECTS)[number];

const HARMLESS: ReadonlySet<Effect> = new Set(['read', 'create', 'modify']);

/**
 * Everything that isn't known to be harmless is destructive, `unknown` included: what can't be classified counts as the
 * worst.
 */
export function isDestructive(effect: Effect): boolean {
  return !HARMLESS.has(effect);
}

/** The worse of two effects; `unknown` is worse than `delete`. */
export function worse(a: Effect, b: Effect): Effect {
  return EFFECTS.indexOf(a) >= EFFECTS.indexOf(b) ? a : b;
}

/**
 * The distinct effects of an impact list, worst first. An empty list is `unknown`: a change that claims no effect can't
 * be classified.
 */
export function effectsOf(impact: readonly { readonly effect: Effect }[]): readonly Effect[] {
  if (impact.length === 0) return ['unknown'];
  const present = new Set(impact.map((line) => line.effect));
  return EFFECTS.filter((effect) => present.has(effect)).reverse();
}
