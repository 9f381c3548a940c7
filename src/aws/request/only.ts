import type { Caller } from '../../../tools/define.ts';
import { type AccountRef, accountText } from '../../kernel/account.ts';
import { HoldshortError } from '../../kernel/errors.ts';

export interface OnlyAccount extends AccountRef {
  readonly regions: readonly string[];
}

/** A plan is about the account that was read: credentials for another account would carry it out elsewhere. */
export function demandAccount({ account }: Caller, writing: string | undefined): void {
  if (writing === account) return;
  throw new HoldshortError(
    'config_invalid',
    `reads and plans are about account ${account}, but changes would be made in account ${writing}`,
    'set aws.read_role_arn and aws.execution_role_arn to roles of one account',
  );
}

/** @throws config_invalid: nothing is asked of AWS with credentials that may be anyone's */
export function demandListed(only: OnlyAccount | undefined, caller: Caller): Caller {
  if (!only || caller.account === only.id) return caller;
  throw new HoldshortError(
    'config_invalid',
    `the credentials for account ${accountText(only)} are for account ${caller.account}`,
    'set read_role_arn of that entry of accounts to a role of it; until then nothing is asked or done there',
  );
}

/** @throws config_invalid */
export function demandRegion(only: OnlyAccount | undefined, where: string): void {
  if (!only || only.regions.includes(where)) return;
  throw new HoldshortError(
    'config_invalid',
    `${where} is not one of the regions of account ${accountText(only)}: ${only.regions.join(', ')}`,
    'add it to that entry of accounts, if it is to be one',
  );
}

/** Another executor may have a role there. @throws other_account */
export function demandWriter(only: OnlyAccount | undefined, writer: Caller): Caller {
  if (!only || writer.account === only.id) return writer;
  throw new HoldshortError(
    'other_account',
    `account ${accountText(only)} has no execution_role_arn here, and this process's own credentials are for ${writer.account}`,
    'run an executor that has a role there, or name it in that entry of accounts',
  );
}
