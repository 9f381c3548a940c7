import { isDestructive } from '../../../src/kernel/effects.ts';
import type { Impact } from '../../../src/kernel/plan.ts';
import type { Lost, Undo } from '../../../src/kernel/undo.ts';
import type { Stack, TemplateFacts } from '../../ports/cloudformation.ts';
import { NESTED_STACK } from '../stack/inventory.ts';
import { lostWith } from './lost.ts';

/**
 * What a call may give as a template, in bytes.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const MOST_BYTES = 51_200;

const DEPLOY = 'cloudformation_deploy_stack';

/** Of what destroys nothing no kit is made: what it changes is seen in its plan. */
export function isDestroying(impact: readonly Impact[]): boolean {
  return impact.some(({ effect }) => isDestructive(effect));
}

/**
 * How a stack that is deleted could be made again; undefined where its template can't be given in a call. (It has no
 * termination protection, or it couldn't be deleted.)
 * @param policy its stack policy, where it has one
 */
export function undoOfDeletion(
  stack: Stack,
  template: TemplateFacts,
  policy: string | undefined,
  impact: readonly Impact[],
): Undo | undefined {
  if (template.bytes > MOST_BYTES) return undefined;
  return {
    by: [DEPLOY, ...(policy === undefined ? [] : ['cloudformation_set_stack_policy'])],
    lost: [renewed(stack, template), ...roleLost(stack), ...impact.flatMap(lostBy)],
    needs: [...template.no_echo_parameters].sort(),
  };
}

/**
 * How a deployment could be taken back, by deploying what the stack runs now.
 * @param given the names of the parameters that the deployment gives
 */
export function undoOfUpdate(
  present: TemplateFacts,
  given: readonly string[],
  impact: readonly Impact[],
): Undo | undefined {
  if (present.bytes > MOST_BYTES) return undefined;
  return {
    by: [DEPLOY],
    lost: impact.flatMap(lostBy),
    // The others keep their value.
    needs: present.no_echo_parameters.filter((name) => given.includes(name)).sort(),
  };
}

function renewed({ stack_id }: Stack, { nested }: TemplateFacts): Lost {
  const why =
    'ids, and ARNs and addresses with a part of their own: whoever outside the stack uses the old ones has to be told the new ones';
  const again =
    nested.length > 0 ? '; nested stacks come from what is at the addresses of their templates by then' : '';
  return { resource: stack_id, type: NESTED_STACK, why: `${why}${again}` };
}

/** A deployment can't give a stack its service role. */
function roleLost({ stack_id, role_arn }: Stack): readonly Lost[] {
  if (role_arn === undefined) return [];
  return [{ resource: stack_id, type: NESTED_STACK, why: `its service role ${role_arn}: a person gives it again` }];
}

function lostBy({ resource, type, effect, recoverable }: Impact): readonly Lost[] {
  switch (effect) {
    case 'delete':
    case 'replace':
      // Of a nested stack its resources have lines of their own.
      if (type === NESTED_STACK) return [];
      return [
        { resource, type, why: recoverable ? `${lostWith(type)}; see the snapshot that is made` : lostWith(type) },
      ];
    case 'weaken':
    case 'unknown':
    case 'unjudged':
      return [{ resource, type, why: 'whether it becomes as it was can not be told: compare it with the kit' }];
    default:
      return [];
  }
}
