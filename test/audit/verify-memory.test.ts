import { expect, test } from 'vitest';
import { appendLeaf, EMPTY_FRONTIER, leafHash } from '../../src/audit/merkle.ts';
import { asciiJson } from '../../src/kernel/plan.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { makePlace, type Place } from '../scenes/front-door.ts';
import { newId } from '../scenes/openings.ts';
import { withDatabase } from '../scenes/tables.ts';

const TICKETS = 150_000;
/** In MB. The command itself needs 16 to 24; a record of each ticket, however small, would need more. */
const HEAP = 28;

/** As if so many calls had been refused, written in bulk: one entry and one row each. */
async function makeTickets(place: Place): Promise<void> {
  const store = openSqliteStore({ file: place.database });
  await store.forAudit().head();
  await store.close();
  withDatabase(place, (db) => {
    db.pragma('synchronous = OFF');
    const entry = db.prepare('INSERT INTO entry (seq, text, leaf) VALUES (?, ?, ?)');
    const row = db.prepare("INSERT INTO ticket (n, id, state, draft, entries) VALUES (?, ?, 'refused', '{}', 1)");
    let frontier = EMPTY_FRONTIER;
    db.transaction(() => {
      for (let seq = 1; seq <= TICKETS; seq += 1) {
        const ticket = newId();
        const about = { seq, at: '2026-01-02T03:04:05.678Z', type: 'ticket.refused', actor: 'agent:claude', ticket };
        const text = asciiJson({ ...about, detail: { ticket_seq: 1 } });
        const leaf = leafHash(text);
        frontier = appendLeaf(frontier, leaf);
        entry.run(seq, text, leaf);
        row.run(seq, ticket);
      }
      db.prepare('UPDATE tree SET size = ?, frontier = ?').run(TICKETS, Buffer.concat(frontier.peaks));
    })();
  });
}

test('C22: what audit verify needs of memory does not grow with tickets, and it overlooks none of them for that', async () => {
  await using place = makePlace();
  await makeTickets(place);
  withDatabase(place, (db) => {
    db.exec(`DELETE FROM ticket WHERE n IN (1, ${TICKETS})`);
    db.exec('UPDATE ticket SET entries = 2 WHERE n = 2');
  });
  const env = { NODE_OPTIONS: `--max-old-space-size=${HEAP}` };
  const { code, stdout, stderr } = await place.cli(['audit', 'verify'], { env });
  expect({ code, lines: stdout.split('\n').slice(0, 4), stderr }).toEqual({
    code: 5,
    lines: [
      `the log does not verify (${TICKETS} entries)`,
      expect.stringMatching(/ticket tkt_\w+ counts 2 entries, the log has 1$/),
      expect.stringMatching(/ticket tkt_\w+ is in the log but not in the tickets$/),
      expect.stringMatching(/ticket tkt_\w+ is in the log but not in the tickets$/),
    ],
    stderr: '',
  });
});
