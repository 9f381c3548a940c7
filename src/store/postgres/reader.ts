import type { ClientBase } from 'pg';
import { serverOf } from './session.ts';

export type Value = string | number | boolean | null | Uint8Array | readonly (string | number | null)[];

/** Reads of one moment, or of a transaction that writes. */
export interface Reader {
  /** The database's time at its begin, in milliseconds since 1970. */
  readonly now: number;
  /** Whose data it is: see `serverOf`. */
  readonly server: string;
  get<Row>(sql: string, ...values: Value[]): Promise<Row | undefined>;
  all<Row>(sql: string, ...values: Value[]): Promise<Row[]>;
}

/** @param client one on which a transaction is open */
export function readerOf(client: ClientBase, now: number): Reader {
  const all = async <Row>(sql: string, ...values: Value[]): Promise<Row[]> => {
    const { rows } = await client.query({ name: nameOf(sql), text: sql, values: values.map(storable) });
    // The rows' types are the schema's; what a text holds is checked where it is parsed.
    return rows as Row[];
  };
  return { now, server: serverOf(client), all, get: async (sql, ...values) => (await all<never>(sql, ...values))[0] };
}

const names = new Map<string, string>();

/** Statements are prepared once for each connection, under a name for each text. All texts are constants. */
function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined) return known;
  const name = `s${names.size + 1}`;
  names.set(sql, name);
  return name;
}

/** PostgreSQL's texts hold no NUL. What the database reads out of a JSON text has this in its place too. */
function storable(value: Value): unknown {
  return Array.isArray(value) ? value.map(withoutNul) : withoutNul(value);
}

function withoutNul(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;
}
