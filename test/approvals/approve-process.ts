import { approve } from '../../approvals/cli/decide.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { terminalOf } from '../scenes/answers.ts';
import { openDesk } from '../scenes/desk.ts';

/**
 * Many people approving one ticket at once. Arguments: the folder, the ticket, its digest, their names. Prints what
 * each was told.
 */
const [home = '', ticket = '', digest = '', ...people] = process.argv.slice(2);
const told = await Promise.all(
  people.map(async (osUser) => {
    const { desk, close } = openDesk(home, osUser, { busyTimeoutMs: 20_000 });
    await desk.policy();
    try {
      await approve({ ...desk, terminal: terminalOf(undefined) }, ticket, { yes: true, digest });
      return 'approved';
    } catch (error) {
      return error instanceof HoldshortError ? error.code : String(error);
    } finally {
      await close();
    }
  }),
);
process.stdout.write(JSON.stringify(told));
