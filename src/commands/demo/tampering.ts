import { copyFileSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/**
 * Copies an installation's database and changes one byte of one entry in the copy, as someone with write access to the
 * file could.
 */
export function damageCopy(home: string): { readonly home: string; readonly seq: number } {
  const copy = mkdtempSync(join(home, 'copy-'));
  for (const name of readdirSync(home))
    if (name.startsWith('holdshort.db')) copyFileSync(join(home, name), join(copy, name));
  const database = new Database(join(copy, 'holdshort.db'));
  try {
    const { seq } = database.prepare("SELECT max(seq) AS seq FROM audit_events WHERE type = 'call.rejected'").get() as {
      seq: number;
    };
    // The triggers are only a fence: anyone who can write the file can take it down.
    const triggers = database
      .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'entry'")
      .all() as { name: string; sql: string }[];
    for (const { name } of triggers) database.exec(`DROP TRIGGER "${name}"`);
    database
      .prepare('UPDATE entry SET text = replace(text, \'"call.rejected"\', \'"call.rejectee"\') WHERE seq = ?')
      .run(seq);
    for (const { sql } of triggers) database.exec(sql);
    return { home: copy, seq };
  } finally {
    database.close();
  }
}
