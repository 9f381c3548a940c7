import type { Discarded, Readers, Residue, Writers } from '../../define.ts';
import { STACK_NAME } from '../../fields.ts';
import { shownName } from './live-state.ts';

/**
 * Removes a change set that won't be executed, and then the stack if planning made it and it is still the empty shell
 * that it was. What is already gone is fine. The change set goes first: AWS refuses to delete one that someone is
 * executing after all, and a shell without change sets can't become anything.
 */
export async function discardChangeSet(
  { stack_name = '', change_set_name = '' }: Residue,
  { readers: { cloudformation }, writers }: { readonly readers: Readers; readonly writers: Writers },
): Promise<Discarded> {
  const changeSet = await cloudformation.changeSet(stack_name, change_set_name);
  const stack = await cloudformation.stack(changeSet?.stack_id ?? stack_name);
  if (!stack) return 'absent';
  const { stack_id } = stack;
  if (changeSet && !changeSet.execution_status.startsWith('EXECUTE_'))
    await writers.cloudformation.deleteChangeSet({ change_set_name: changeSet.change_set_id, stack_id });
  // An ARN: the stack was there before planning.
  if (!STACK_NAME.test(stack_name)) {
    const shown = await discardShown(stack_id, change_set_name, cloudformation, writers);
    return changeSet || shown ? 'removed' : 'absent';
  }
  const shell = await cloudformation.stack(stack_id);
  if (shell?.stack_status !== 'REVIEW_IN_PROGRESS') return 'removed';
  if ((await cloudformation.resources(stack_id)).items.length > 0) return 'removed';
  const others = (await cloudformation.changeSets(stack_id)).filter((one) => one.change_set_name !== change_set_name);
  if (others.length > 0) return 'in_use';
  await writers.cloudformation.deleteStack({ stack_id, token: `discard-${change_set_name}` });
  return 'removed';
}

/** What planning made only to show, and couldn't delete itself. */
async function discardShown(
  stack_id: string,
  change_set_name: string,
  cloudformation: Readers['cloudformation'],
  writers: Writers,
): Promise<boolean> {
  const name = shownName(change_set_name);
  const shown = (await cloudformation.changeSets(stack_id)).find((one) => one.change_set_name === name);
  if (shown) await writers.cloudformation.deleteChangeSet({ change_set_name: shown.change_set_id, stack_id });
  return shown !== undefined;
}
