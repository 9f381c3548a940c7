import type { AuditEvent } from '../../../audit/entry.ts';
import { ordinary } from '../../story/ordinary.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';

export function append(connection: Connection, event: AuditEvent): { readonly seq: number } {
  return writeLog(connection, (writing) => ({ seq: writing.log(ordinary(event)) }));
}
