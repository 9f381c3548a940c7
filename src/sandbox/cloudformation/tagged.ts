/** What stacks have, with the tags that AWS shows on it. */
import type { Tag } from '@aws-sdk/client-cloudformation';
import type { Cloud, Region } from '../cloud.ts';
import type { StackResource } from './model.ts';
import { arnOf } from './physical.ts';
import { tagsOf } from './provider.ts';
import { stacksIn } from './state.ts';

export interface TaggedResource {
  readonly type: string;
  readonly physicalId: string;
  readonly arn: string;
  readonly tags: readonly Tag[];
}

/** A resource of a type that has tags. One that its stack left behind keeps them, with the stack's id. */
export function taggedResources(cloud: Cloud, region: Region): readonly TaggedResource[] {
  return [...stacksIn(region).values()].flatMap((stack) =>
    [...stack.resources.values()].filter(isThere(cloud)).map((resource) => {
      const { type, physicalId } = resource;
      return { type, physicalId, arn: arnOf(cloud, region, resource), tags: tagsOf(stack, resource) };
    }),
  );
}

function isThere(cloud: Cloud) {
  return ({ type, physicalId, status }: StackResource) =>
    physicalId !== '' && status !== 'DELETE_COMPLETE' && cloud.specification(type)?.taggable === true;
}
