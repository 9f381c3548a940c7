import type { Claim, Note } from '../../port.ts';
import { noted } from '../../story/noting.ts';
import { apply } from '../apply.ts';
import type { Connection } from '../connection.ts';
import { writeLog } from '../log-writer.ts';
import { readRows } from '../ticket-rows.ts';
import { claimedRow } from './claims.ts';

export function note(connection: Connection, claim: Claim, what: Note): void {
  writeLog(connection, (writing) => {
    const told = noted(readRows(connection, claimedRow(connection, claim)), claim, what);
    if (told) apply(writing, told);
  });
}
