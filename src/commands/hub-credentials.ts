import type { ConfiguredAccounts } from './accounts.ts';
import type { Installation } from './installation.ts';

/**
 * Agents can't reach a credential that isn't here; what could execute from here is said where a hub starts. Of listed
 * accounts `tellOfAccounts` says as whom they are read.
 */
export function tellOfCredentials(
  { config: { aws, accounts }, log }: Installation,
  { byConvention }: ConfiguredAccounts,
  withExecutor: boolean,
): void {
  const places = accounts?.map(({ id, ...roles }) => ({ account: id, ...roles })) ?? [{ account: undefined, ...aws }];
  for (const { account, execution_role_arn: role, read_role_arn: reads } of places) {
    const where = account === undefined ? {} : { account };
    if (withExecutor)
      log.warn({ ...where, role }, 'this hub also executes: who takes it over has what its executor has');
    else if (role !== undefined)
      log.warn(
        { ...where, role },
        'nothing is executed here, but the configuration names an execution role: leave it to executors',
      );
    if (reads === undefined)
      log.warn(
        where,
        'no read_role_arn: reads and plans use what credentials this process finds, whatever those may do',
      );
  }
  if (!accounts)
    byConvention()
      .caller()
      .then(
        ({ arn }) => log.info({ reads_as: arn, executes_as: aws.execution_role_arn ?? null }, 'the account'),
        (error) => log.warn({ err: error }, 'the account can not be read'),
      );
}
