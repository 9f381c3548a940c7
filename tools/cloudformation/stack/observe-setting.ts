import type { Observation, Readers } from '../../define.ts';
import type { Stack } from '../../ports/cloudformation.ts';

/**
 * Is a stack's setting as wanted? AWS keeps no token of such requests and writes no event: that it was otherwise when
 * the guard was rechecked, right before the request, is all there is.
 */
export async function observeSetting(
  stackId: string,
  what: string,
  { cloudformation }: Readers,
  look: (stack: Stack) => Promise<{ readonly asWanted: boolean; readonly now: string }>,
): Promise<Observation> {
  const stack = await cloudformation.stack(stackId);
  if (!stack || stack.stack_status === 'DELETE_COMPLETE') {
    const detail = 'the stack is gone, so that it can not be told whether the request arrived before';
    return { state: 'unknown', evidence: 'state', detail, resources: [] };
  }
  const { asWanted, now } = await look(stack);
  if (!asWanted)
    return {
      state: 'unknown',
      evidence: 'state',
      detail: `no trace that the request arrived: the ${what} is ${now}`,
      resources: [],
    };
  return {
    state: 'succeeded',
    evidence: 'state',
    detail: `the ${what} is ${now} since the plan was checked`,
    resources: [{ resource: stackId, outcome: 'succeeded', detail: `${what} ${now}` }],
  };
}
