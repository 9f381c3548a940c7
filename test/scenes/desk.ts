import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { KEY_IN_PRODUCTION } from './front-door.ts';
import { NO_LOGINS } from './logins.ts';
import { testPolicy } from './policy.ts';
import { AS_PLANNED } from './rules.ts';

/** What a person who decides has before them, over the folder of an installation; with a store of its own. */
export function openDesk(home: string, osUser: string, options: { readonly busyTimeoutMs?: number } = {}) {
  const store = openSqliteStore({ file: join(home, 'holdshort.db'), head: join(home, 'keys', 'head.db'), ...options });
  const desk = {
    store: store.forApprover(),
    policy: () => testPolicy(KEY_IN_PRODUCTION),
    rules: async () => AS_PLANNED,
    makers: async () => [],
    ...NO_LOGINS,
    keysDir: join(home, 'keys'),
    osUser,
    env: {},
  };
  return { desk, close: () => store.close() };
}
