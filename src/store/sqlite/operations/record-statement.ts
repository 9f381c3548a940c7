import type { StoredEntry } from '../../../audit/log.ts';
import type { Recorded } from '../../../kernel/statement.ts';
import type { ApproverStore } from '../../port.ts';
import { kindOf, onlyStops, stated, statementsIn } from '../../story/stating.ts';
import { writeEntry } from '../apply.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';

export function recordStatement(
  connection: Connection,
  statement: Parameters<ApproverStore['recordStatement']>[0],
): void {
  const kind = kindOf(statement);
  writeLog(
    connection,
    (writing) => writeEntry(writing, stated(statement, kind, writing.statements)),
    onlyStops(kind) ? 'stops' : 'opens',
  );
}

const STATEMENTS = 'SELECT seq, text, leaf FROM entry WHERE statement_seq > 0 ORDER BY statement_seq';

export function readStatements(connection: Connection): readonly Recorded[] {
  const count = connection.get<{ statements: number }>('SELECT statements FROM tree')?.statements;
  return statementsIn(connection.all<StoredEntry>(STATEMENTS), count);
}
