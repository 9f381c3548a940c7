/** Which calls something answers: those of a method (any: undefined) at a path, or all that nothing else does. */
export interface Answers {
  /** Undefined: what nothing else answers. */
  readonly path: readonly string[] | undefined;
  readonly method: string | undefined;
}

export const GREEDY = '{any+}';

export function stepsOf(path: string): readonly string[] {
  return path.split('/').filter((step) => step !== '');
}

/**
 * Does a new one get calls that the other answered till now? The attacker adds `/login` beside `/{proxy+}`, behind
 * which callers were asked who they are. What is told more exactly comes first; of two of which neither is told more
 * exactly all through, any may.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * @param anyMethod a path that is told more exactly hides the other for all methods, as in a REST API
 */
export function takesFrom(fresh: Answers, other: Answers, anyMethod: boolean): boolean {
  if (!fresh.path || !other.path) return fresh.path !== undefined;
  if (!meet(fresh.path, other.path)) return false;
  const isWider = covers(fresh.path, other.path);
  if (isWider && !covers(other.path, fresh.path)) return false;
  if (isWider) return other.method === undefined || fresh.method === other.method;
  return anyMethod || !fresh.method || !other.method || fresh.method === other.method;
}

/** May a call fit both? */
function meet([one, ...more]: readonly string[], [other, ...others]: readonly string[]): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (isGreedy(one) || isGreedy(other)) return true;
  return (one === other || isOpen(one) || isOpen(other)) && meet(more, others);
}

/** Does every call that fits the other fit it, too? */
function covers([one, ...more]: readonly string[], [other, ...others]: readonly string[]): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (isGreedy(one) || isGreedy(other)) return isGreedy(one);
  return (isOpen(one) || one === other) && covers(more, others);
}

/** One step at least. */
function isGreedy(step: string): boolean {
  return step.endsWith('+}');
}

function isOpen(step: string): boolean {
  return step.startsWith('{');
}
