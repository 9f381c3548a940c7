import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { Readers } from '../../define.ts';
import type { ResourcePolicies, StackResource, TemplateFacts } from '../../ports/cloudformation.ts';
import { pages } from '../../ports/pages.ts';

/** One resource that a stack, or a stack nested in it, has now. */
export interface OwnedResource extends StackResource {
  /** Logical ids of the nested stacks around it, outermost first. */
  readonly path: readonly string[];
  readonly policies: ResourcePolicies | undefined;
}

export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** AWS's own limits are 500 resources in a stack and far fewer levels; a plan that can't list everything isn't one. */
const MOST = 5_000;
const LEVELS = 8;

/** Everything that is in a stack, those nested in it included. */
export async function inventory(
  stackId: string,
  template: TemplateFacts,
  readers: Readers,
  path: readonly string[] = [],
): Promise<readonly OwnedResource[]> {
  const { cloudformation } = readers;
  const found: OwnedResource[] = [];
  for await (const resources of pages('ListStackResources', (cursor) => cloudformation.resources(stackId, cursor))) {
    for (const resource of resources) {
      if (['DELETE_COMPLETE', 'DELETE_SKIPPED'].includes(resource.status)) continue;
      const policies = Object.hasOwn(template.resources, resource.logical_id)
        ? template.resources[resource.logical_id]
        : undefined;
      found.push({ ...resource, path, policies });
      if (resource.type === NESTED_STACK && resource.physical_id?.startsWith('arn:') && !isRetained(policies)) {
        const inner = path.length < LEVELS ? resource.physical_id : undefined;
        if (inner === undefined) throw tooMuch(`stacks nested more than ${LEVELS} levels deep`);
        const nested = await cloudformation.template(inner);
        found.push(...(await inventory(inner, nested, readers, [...path, resource.logical_id])));
      }
      if (found.length > MOST) throw tooMuch(`more than ${MOST} resources`);
    }
  }
  return found;
}

/** `RetainExceptOnCreate` also retains, once the stack was created. */
export function isRetained(policies: ResourcePolicies | undefined): boolean {
  return policies?.deletion_policy === 'Retain' || policies?.deletion_policy === 'RetainExceptOnCreate';
}

function tooMuch(what: string): HoldshortError {
  return new HoldshortError(
    'planning_failed',
    `the stack has ${what}, too many to show to a person`,
    'ask your operator',
  );
}
