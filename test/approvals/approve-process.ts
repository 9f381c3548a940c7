import { join } from 'node:path';
import { approve } from '../../approvals/cli/decide.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { POLICY_ACTIONS } from '../scenes/actions.ts';
import { terminalOf } from '../scenes/answers.ts';
import { KEY_IN_PRODUCTION } from '../scenes/front-door.ts';
import { AS_PLANNED } from '../scenes/rules.ts';

/**
 * Many people approving one ticket at once. Arguments: the folder, the ticket, its digest, their names. Prints what
 * each was told.
 */
const [home = '', ticket = '', digest = '', ...people] = process.argv.slice(2);
const policy = loadPolicy({ source: 'test', actions: POLICY_ACTIONS, text: KEY_IN_PRODUCTION });
await policy;
const told = await Promise.all(
  people.map(async (osUser) => {
    const store = openSqliteStore({
      file: join(home, 'holdshort.db'),
      head: join(home, 'keys', 'head.db'),
      busyTimeoutMs: 20_000,
    });
    const context = {
      store: store.forApprover(),
      policy: () => policy,
      rules: async () => AS_PLANNED,
      makers: async () => [],
      keysDir: join(home, 'keys'),
      now: () => new Date(),
      osUser,
      env: {},
      terminal: terminalOf(undefined),
    };
    try {
      await approve(context, ticket, { yes: true, digest });
      return 'approved';
    } catch (error) {
      return error instanceof HoldshortError ? error.code : String(error);
    } finally {
      await store.close();
    }
  }),
);
process.stdout.write(JSON.stringify(told));
