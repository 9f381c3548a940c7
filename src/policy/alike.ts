import { actionOf } from '../kernel/tool-name.ts';
import type { PolicyAction } from './schema.ts';

/**
 * The actions in groups that a policy can't tell apart, so that Cedar needs to be asked about one of each: tools of
 * one kind differ in nothing but their names, so those that the text doesn't name are alike. An escape could write a
 * name in a way that isn't seen here: then each is alone.
 * @param text the policy
 * @param actions every tool there is
 */
export function alike(text: string, actions: readonly PolicyAction[]): readonly (readonly PolicyAction[])[] {
  const isNamed = ({ tool }: PolicyAction) => text.includes('\\') || text.includes(actionOf(tool));
  const unnamed = Map.groupBy(
    actions.filter((action) => !isNamed(action)),
    ({ kind }) => kind,
  );
  return [...actions.filter(isNamed).map((action) => [action]), ...unnamed.values()];
}
