import { HoldshortError } from '../../src/kernel/errors.ts';
import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import { personName } from '../desk.ts';
import { personOf } from '../keys/signer.ts';
import { setGroups } from '../people/groups.ts';
import { groupNames } from '../people/rights.ts';
import { telling } from '../record/record-statement.ts';
import { attemptToManage, recordingRejection } from '../record/rejection.ts';
import type { CommandContext } from './context.ts';
import { anyHeldKey, identityOf, type SigningOptions } from './held-key.ts';

/**
 * `approvers groups NAME`.
 * @throws as `setGroups`
 * @throws usage
 */
export async function approversGroups(
  context: CommandContext,
  name: string,
  options: SigningOptions & { readonly group?: readonly string[] | undefined; readonly none?: boolean | undefined },
): Promise<CommandResult> {
  const person = personName(name, `'${name}'`);
  if ((options.group === undefined) !== (options.none === true))
    throw new HoldshortError(
      'usage',
      'say all the teams that the person belongs to from now on',
      '--group NAME for each, or --none; see `holdshort approvers list` for those of today',
    );
  const groups = groupNames(options.group ?? []);
  const attempt = attemptToManage('cli', personOf(identityOf(context, options)), { attempt: 'groups', name: person });
  const { before, after, by, notes } = await recordingRejection(context, attempt, async (proved) => {
    const { key, notes } = await anyHeldKey(context, options);
    const signer = telling(await key.open(), proved);
    return { ...(await setGroups(context, person, groups, signer)), by: signer.name, notes };
  });
  const left = before.filter((group) => !after.includes(group));
  const text = [
    ...notes,
    `${person} is now in ${after.length === 0 ? 'no team' : after.join(', ')}, signed by ${by}.`,
    ...(after.length > 0 ? ['No approval by somebody else, where an agent works for one of these.'] : []),
    ...(left.length > 0 ? [`For tickets that were opened before now, ${person} is still in ${left.join(', ')}.`] : []),
  ];
  return { data: { name: person, by, groups: after, left }, text: text.join('\n'), exit: EXIT.done };
}
