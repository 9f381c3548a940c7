/**
 * A process that has the record, a folder of its own with what is pinned there, and a policy, and is asked of tickets
 * whether they may run: as one would be that issues sessions and executes nothing.
 */
import { createInterface } from 'node:readline';
import { readPinned } from '../../approvals/keys/pinned.ts';
import { weigh } from '../../src/gate/believed.ts';
import { cleared, type Verifying } from '../../src/gate/cleared.ts';
import { NO_RULES } from '../../src/kernel/rules.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';

const { database, folder, text, actions } = JSON.parse(process.argv[2] ?? '{}');
const opened = openSqliteStore({ file: database, head: `${folder}/head.db` });
const head = opened.forHead();
// Who sets it up takes the log as it is then, once.
const { seen, now } = await head.compare();
if (!seen) await head.accept(now);
const all = opened.forExecutor('nobody');
const policy = await loadPolicy({ text, source: 'alone', actions });
const verifying: Verifying = {
  // Nothing but these: whatever else is asked of the store is not there.
  store: {
    now: all.now,
    ticket: all.ticket,
    verified: all.verified,
    unsettled: all.unsettled,
    deletion: all.deletion,
  },
  policy: async () => policy,
  rules: async () => NO_RULES,
  pinned: () => readPinned(folder),
  makers: async () => [],
  logins: async () => undefined,
};
for await (const id of createInterface({ input: process.stdin })) {
  const verdict = await weigh(await verifying.store.ticket(id), (ticket) => cleared(ticket, verifying, 'begin'));
  const { clearance, refusal, ...rest } = { clearance: undefined, refusal: undefined, ...verdict };
  const approvers = clearance?.counted.approvals.map(({ person }) => person);
  process.stdout.write(`${JSON.stringify({ kind: rest.kind, approvers, code: refusal?.code })}\n`);
}
await opened.close();
