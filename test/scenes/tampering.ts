import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { appendLeaf, EMPTY_FRONTIER, leafHash } from '../../src/audit/merkle.ts';
import { asciiJson, type PlanRecord, planDigest } from '../../src/kernel/plan.ts';
import { keyIdOf, type Signed, type Statement, signStatement } from '../../src/kernel/statement.ts';
import { makeHeadFile } from '../../src/store/head/file.ts';
import { type Place, until } from './front-door.ts';
import { executing } from './here.ts';
import { copyDatabase, holdDatabase, isDatabase } from './postgres.ts';
import { events, reading, stateOf } from './state.ts';

/** Makes a place an installation like another one as it stands now: what is then done to it happens to nobody else. */
export function copyInto(place: Pick<Place, 'home' | 'database'>, from: Pick<Place, 'home' | 'database'>): void {
  cpSync(from.home, place.home, { recursive: true });
  if (isDatabase(place.database)) copyDatabase(place.database, from.database);
  chmodSync(join(place.home, 'keys'), 0o700);
}

/**
 * As if this installation had never seen the log before someone rewrote it: signatures and the plan alone are left to
 * tell.
 */
export async function forgetHead(place: Pick<Place, 'home'>): Promise<void> {
  const file = join(place.home, 'keys', 'head.db');
  rmSync(file);
  await makeHeadFile(file);
}

/**
 * The attacker of THREATS.md who can write to the database and holds no key: the fences (triggers) are gone while they
 * work, and back afterwards.
 */
export function withDatabase<T>(
  place: Pick<Place, 'database'>,
  work: (db: Database) => T,
  fences?: 'keep the fences',
): T {
  const db = new Sqlite(place.database);
  try {
    const wanted = db
      .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
      .all();
    if (!fences) for (const { name } of wanted) db.exec(`DROP TRIGGER ${name}`);
    const result = work(db);
    // Anyone who closes the database in between has put another one in its place.
    if (!fences && db.open) for (const { sql } of wanted) db.exec(sql);
    return result;
  } finally {
    db.close();
  }
}

interface Entry {
  type: string;
  ticket?: string;
  outcome?: string | undefined;
  detail: any;
  [key: string]: unknown;
}

/**
 * Writes the whole log again: other entries, all hashes and the tree to match, and the tickets' counts. Nothing in the
 * database contradicts itself afterwards: what must stop the effect is signatures and the plan itself.
 */
export function rewriteLog(db: Database, edit: (entries: Entry[]) => Entry[]): void {
  const texts = db.prepare<[], string>('SELECT text FROM entry ORDER BY seq').pluck().all();
  const perTicket = new Map<string, number>();
  let statements = 0;
  let frontier = EMPTY_FRONTIER;
  db.exec('DELETE FROM entry');
  for (const [index, entry] of edit(texts.map((text) => JSON.parse(text))).entries()) {
    if (entry.detail.ticket_seq !== undefined && entry.ticket) {
      perTicket.set(entry.ticket, (perTicket.get(entry.ticket) ?? 0) + 1);
      entry.detail.ticket_seq = perTicket.get(entry.ticket);
    }
    if (entry.detail.statement_seq !== undefined) entry.detail.statement_seq = ++statements;
    const text = asciiJson({ ...entry, seq: index + 1 });
    const leaf = leafHash(text);
    frontier = appendLeaf(frontier, leaf);
    db.prepare('INSERT INTO entry (seq, text, leaf) VALUES (?, ?, ?)').run(index + 1, text, leaf);
  }
  db.prepare('UPDATE tree SET size = ?, frontier = ?, statements = ?').run(
    frontier.size,
    Buffer.concat(frontier.peaks),
    statements,
  );
  for (const [ticket, entries] of perTicket)
    db.prepare('UPDATE ticket SET entries = ? WHERE id = ?').run(entries, ticket);
}

/** Puts another plan under a ticket, with its digest; `true` rewrites the log to agree. */
export function replacePlan(db: Database, id: string, change: (plan: PlanRecord) => PlanRecord, log = false): string {
  const bytes = db.prepare<[string], string>('SELECT plan FROM ticket WHERE id = ?').pluck().get(id) ?? '';
  const forged = asciiJson(change(JSON.parse(bytes)));
  const digest = planDigest(forged);
  db.prepare('UPDATE ticket SET plan = ?, digest = ? WHERE id = ?').run(forged, digest, id);
  if (log)
    rewriteLog(db, (entries) =>
      entries.map((entry) =>
        entry.ticket === id && entry.detail.digest !== undefined
          ? { ...entry, detail: { ...entry.detail, digest } }
          : entry,
      ),
    );
  return digest;
}

/** A key that nobody enrolled. */
export interface ForeignKey {
  readonly id: string;
  readonly publicKey: string;
  sign(statement: Statement): Signed;
}

export function foreignKey(): ForeignKey {
  const pair = generateKeyPairSync('ed25519');
  const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const privateKey: KeyObject = pair.privateKey;
  return { id: keyIdOf(publicKey), publicKey, sign: (statement) => signStatement(statement, privateKey) };
}

/**
 * Lets an executor loose on the installation, in this process, until it has dealt with `ticket`: moved it on, or said
 * among its errors or in the log why it waits; or until it has dealt with `other`, a ticket that came later and has
 * nothing wrong. It ends as on Ctrl-C: what it began is finished.
 * @returns the errors that it logged
 */
export async function letExecutorRun(place: Place, ticket: string, other: string): Promise<string> {
  const before = stateOf(place, ticket);
  const executor = await executing(place);
  const open = ['approved', 'executing'];
  await until(
    () => ({
      ticket: stateOf(place, ticket),
      other: stateOf(place, other),
      said: executor.said(),
      waits: isWaiting(place, ticket),
    }),
    (now) =>
      now.waits ||
      (now.ticket !== before && !open.includes(now.ticket ?? '')) ||
      !open.includes(now.other ?? '') ||
      now.said !== '',
  );
  await executor.stop();
  return executor.said();
}

/** Has an executor written why this ticket waits? */
export function isWaiting(place: Pick<Place, 'database'>, ticket: string): boolean {
  return events(place, 'execution.waiting').some((entry) => entry.ticket === ticket);
}

/** Is an executor at work on it? */
export function isClaimed(place: Pick<Place, 'database'>, ticket: string): boolean {
  return Boolean(
    reading<{ claim_owner: unknown }>(place, 'SELECT claim_owner FROM ticket WHERE id = ?', ticket)[0]?.claim_owner,
  );
}

/** Nobody can write until it is let go of. */
export async function holdStore({ database }: Pick<Place, 'database'>): Promise<() => Promise<void>> {
  if (isDatabase(database)) return await holdDatabase(database);
  const lock = new Sqlite(database);
  lock.exec('BEGIN IMMEDIATE');
  return async () => {
    lock.exec('ROLLBACK');
    lock.close();
  };
}

interface Mutation {
  /** `table.column n`, n counting the values tried; of a log entry, with its type. */
  readonly what: string;
  alter(db: Database): void;
}

/**
 * Every way to change one value of one row that mentions the ticket, and of the tree: a byte of a text or blob, a
 * number, a state.
 */
export function mutationsAbout(db: Database, ticket: string, states: readonly string[]): readonly Mutation[] {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const mutations: Mutation[] = [];
  const count = new Map<string, number>();
  for (const table of tables) {
    const columns = db.prepare<[], { name: string; type: string }>(`PRAGMA table_info(${table})`).all();
    const order = columns.map(({ name }) => `"${name}"`).join(', ');
    const rows = db.prepare<[], Record<string, Value>>(`SELECT * FROM ${table} ORDER BY ${order}`).all();
    for (const [index, row] of rows.entries()) {
      const mentions = Object.values(row).some((value) => typeof value === 'string' && value.includes(ticket));
      if (!mentions && table !== 'tree') continue;
      for (const { name, type } of columns)
        for (const value of alternatives(row[name] ?? null, type, name === 'state' ? states : undefined)) {
          const key = table === 'entry' ? `entry.${name} of ${JSON.parse(String(row.text)).type}` : `${table}.${name}`;
          count.set(key, (count.get(key) ?? 0) + 1);
          mutations.push({
            what: `${key} ${count.get(key)}`,
            alter(other) {
              other.pragma('ignore_check_constraints = ON');
              const keys = other.prepare<[], Record<string, Value>>(`SELECT * FROM ${table} ORDER BY ${order}`).all()[
                index
              ];
              const where = columns.map((column) => `"${column.name}" IS ?`).join(' AND ');
              const { changes } = other
                .prepare(`UPDATE ${table} SET "${name}" = ? WHERE ${where}`)
                .run(value, ...columns.map((column) => keys?.[column.name] ?? null));
              if (changes !== 1) throw new Error(`${changes} rows of ${table} were changed, not one`);
            },
          });
        }
    }
  }
  return mutations;
}

type Value = string | number | Uint8Array | null;

function alternatives(value: Value, type: string, states: readonly string[] | undefined): readonly Value[] {
  if (states) return states.filter((state) => state !== value);
  if (value === null) return [type === 'INTEGER' ? 1 : 'other'];
  if (typeof value === 'number') return [value + 1000];
  if (typeof value === 'string') {
    // Another letter or digit in the middle: the text stays as readable as it was.
    const middle = Math.floor(value.length / 2);
    const at = value.slice(middle).search(/[0-9a-z]/) + middle;
    return [`${value.slice(0, at)}${value[at] === 'a' ? 'b' : 'a'}${value.slice(at + 1)}`];
  }
  return [value.map((byte, index) => (index === 0 ? byte ^ 1 : byte))];
}
