import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveCompanion } from '../../approvals/server.ts';
import { linksOf } from '../../approvals/web/links.ts';
import { stdio } from '../../src/commands/stdio.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { POLICY_ACTIONS } from './actions.ts';
import { KEY_IN_PRODUCTION } from './front-door.ts';
import { AS_PLANNED } from './rules.ts';

/**
 * The companion as the CLI starts it, on a folder that the test made. Arguments: the folder, the OS user, and where the
 * approval page is, if anywhere.
 */
const [home = '', osUser = '', origin] = process.argv.slice(2);
/** The page's secret, made up for the test. */
const PAGE_KEY = Buffer.alloc(32, 7);
const store = openSqliteStore({ file: join(home, 'holdshort.db'), head: join(home, 'keys', 'head.db') });
const policy = loadPolicy({ source: 'test', actions: POLICY_ACTIONS, text: KEY_IN_PRODUCTION });
const { transport, ended } = stdio();
const close = serveCompanion(
  {
    store: store.forApprover(),
    policy: () => policy,
    rules: async () => AS_PLANNED,
    makers: async () => [],
    keysDir: join(home, 'keys'),
    now: () => new Date(),
    osUser,
    env: {},
    software: 'holdshort/0.0.0',
    reviewUrl: origin === undefined ? undefined : linksOf(origin, () => PAGE_KEY).ticket,
    card: () => readFile('dist/app/card.html', 'utf8'),
  },
  transport,
);
await ended;
await close();
await store.close();
