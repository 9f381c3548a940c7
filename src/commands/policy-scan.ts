import { accountNamed } from '../kernel/account.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import { accountsOf, chosenOf } from './accounts.ts';
import type { Installation } from './installation.ts';
import { knownLines } from './scan/known-lines.ts';
import { scan } from './scan/scan.ts';
import { type Report, reportText } from './scan/words.ts';

export interface ScanRequest {
  /** Name or ARN; undefined for all stacks. */
  readonly stack: string | undefined;
  readonly region: string | undefined;
  /** By id or name, of the accounts that are listed. */
  readonly account: string | undefined;
}

/**
 * `policy scan`: what the stacks of an account and region act on or act as, of which nobody can tell whose it is, with
 * the lines for `known:`. Only reads. Exit 1 where a stack couldn't be read.
 * @throws usage, not_found, aws_denied, aws_unreachable
 */
export async function policyScan(
  installation: Pick<Installation, 'config' | 'rules' | 'sandbox'>,
  { stack, region, account: wanted }: ScanRequest,
  width: number,
): Promise<CommandResult> {
  if (installation.sandbox)
    throw new HoldshortError(
      'usage',
      'the embedded cloud of serve --sandbox is within that process',
      'leave --sandbox out to scan the account whose credentials are here',
    );
  let requests = 0;
  const accounts = accountsOf(installation, {
    onSend: () => {
      requests += 1;
    },
  });
  const aws = await chosenOf(accounts, wanted);
  const readers = await aws.readers(region);
  const { account, region: where } = readers.caller;
  const place = { account, region: where };
  const { namings, ...scanned } = await scan(readers, stack, () => requests);
  const listed = accountNamed((await accounts.listed()) ?? [], account);
  const report: Report = {
    ...place,
    ...(listed && { account_name: listed.name }),
    ...scanned,
    ...knownLines(namings, await installation.rules(), place),
    requests,
  };
  const { untold, unreadable, unread, ...counts } = report;
  return {
    data: {
      ...counts,
      unread: unread.map((one) => ({ ...one })),
      unknown_owner: untold.map(({ known, named_by, ...one }) => ({
        ...one,
        known: known ?? null,
        named_by: named_by.map((by) => ({ ...by })),
      })),
      unreadable: unreadable.map((one) => ({ ...one })),
    },
    text: reportText(report, width),
    exit: unread.length > 0 ? EXIT.failed : EXIT.done,
  };
}
