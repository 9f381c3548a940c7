import { nestedStacks } from '../../tools/cloudformation/undo/keep-stack.ts';
import type { StackAsItIs } from '../../tools/ports/cloudformation-keeper.ts';
import type { Keepers } from '../../tools/ports/keepers.ts';
import { hideValue } from '../../tools/ports/redaction.ts';
import { sha256 } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { Rehearsable } from '../kernel/plan.ts';
import type { Material } from './material.ts';

/** The tools whose plans can be played on a copy: a stack is all that they change. */
const DEPLOY = 'cloudformation_deploy_stack';
export const REHEARSED: ReadonlySet<string> = new Set([DEPLOY, 'cloudformation_delete_stack']);

/**
 * What a rehearsal is made from, as AWS tells it now. Reads only.
 * @throws wrong_state where it isn't what was planned, or can't be rehearsed
 */
export async function copied(plan: Rehearsable, keepers: Keepers): Promise<Material> {
  const { cloudformation } = keepers;
  const [target] = plan.targets;
  if (!REHEARSED.has(plan.tool) || !target)
    throw impossible(`${plan.tool} can not be rehearsed: only what deploys or deletes a stack can`);
  const change_set = plan.tool === DEPLOY ? await cloudformation.changeSet(plan.made?.id ?? '') : undefined;
  // The same bytes as those that were planned, or nothing of it is told.
  if (change_set && sha256(change_set.template) !== plan.guard.new_template_sha256)
    throw impossible('the template in the change set is not the one that was planned');
  const asked = change_set ? { change_set: { ...change_set, parameters: shownOf(change_set.parameters) } } : {};
  if (plan.lifecycle?.event === 'create') return { plan, nested: [], ...asked };
  const stack = await cloudformation.stack(target.id);
  if (sha256(stack.template) !== plan.guard.template_sha256)
    throw impossible('the stack no longer has the template that it had when this was planned');
  return { plan, stack: withoutHidden(stack), nested: await nestedStacks(stack, keepers), ...asked };
}

/**
 * What an agent may not see isn't in the copy: a template chooses what the model says of it, and in which form. As of
 * NoEcho values, which AWS tells nobody, another value stands in.
 */
function withoutHidden(stack: StackAsItIs): StackAsItIs {
  const parameters = shownOf(stack.parameters);
  const hidden = Object.keys(stack.parameters).filter((name) => !Object.hasOwn(parameters, name));
  return { ...stack, parameters, untold_parameters: [...stack.untold_parameters, ...hidden] };
}

function shownOf(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parameters).filter(([name, value]) => hideValue(name, value) === value));
}

function impossible(message: string): HoldshortError {
  return new HoldshortError('wrong_state', message, 'decide without a rehearsal, or let the agent ask again');
}
