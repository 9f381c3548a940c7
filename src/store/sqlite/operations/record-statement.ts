import type { StoredEntry } from '../../../audit/log.ts';
import { STATEMENT_EVENTS } from '../../../audit/statement-events.ts';
import { isUnaltered } from '../../../audit/ticket-log.ts';
import { HoldshortError } from '../../../kernel/errors.ts';
import { type Recorded, readStatement } from '../../../kernel/statement.ts';
import type { ApproverStore } from '../../port.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { announceStatement } from '../outbox.ts';

const STOPPING: ReadonlySet<string> = new Set(['halt', 'revoke']);

export function recordStatement(
  connection: Connection,
  { signed, expected, event }: Parameters<ApproverStore['recordStatement']>[0],
): void {
  const kind = readStatement(signed)?.kind;
  if (kind === undefined || kind === 'decision' || STATEMENT_EVENTS[kind] !== event.type)
    throw new HoldshortError('internal', `this is no statement for ${event.type}`, 'report this as a defect');
  writeLog(
    connection,
    (writing) => {
      if (writing.statements !== expected)
        throw new HoldshortError(
          'conflict',
          `there are ${writing.statements} statements, not ${expected}: somebody enrolled, revoked, halted or resumed meanwhile`,
          'read them again, then decide anew',
        );
      const detail = { ...event.detail, ...signed, statement_seq: expected + 1 };
      announceStatement(writing, kind, writing.log({ ...event, detail }, 'statement'));
    },
    STOPPING.has(kind) ? 'stops' : 'opens',
  );
}

const STATEMENTS = 'SELECT seq, text, leaf FROM entry WHERE statement_seq > 0 ORDER BY statement_seq';

/**
 * All signed statements, in log order. Dropping the one that revokes a key or halts everything would bring both back,
 * so a gap is refused as `tampered`, never skipped.
 */
export function readStatements(connection: Connection): readonly Recorded[] {
  const count = connection.get<{ statements: number }>('SELECT statements FROM tree')?.statements;
  const entries = connection.all<StoredEntry>(STATEMENTS);
  const statements = entries.map((entry, index) => {
    const numbered = isUnaltered(entry) ? parse(entry.text) : undefined;
    if (numbered?.signed.seq !== entry.seq || numbered.number !== index + 1)
      throw tampered(`entry ${entry.seq} was altered`);
    if (entry.seq <= (entries[index - 1]?.seq ?? 0)) throw tampered(`entry ${entry.seq} is out of order`);
    return numbered.signed;
  });
  if (statements.length !== count) throw tampered(`there are ${statements.length}, and ${count} were recorded`);
  return statements;
}

function parse(text: string): { number: number; signed: Recorded } | undefined {
  try {
    const { seq, detail } = JSON.parse(text);
    const { statement, signature, statement_seq: number } = detail;
    return { number, signed: { statement: String(statement), signature: String(signature), seq } };
  } catch {
    return undefined;
  }
}

function tampered(what: string): HoldshortError {
  return new HoldshortError(
    'tampered',
    `the signed statements in the log are not whole: ${what}`,
    'nothing runs until this is cleared up: run `holdshort audit verify`, then go on from a backup',
  );
}
