import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { appendLeaf, EMPTY_FRONTIER, leafHash, peaksOf } from '../../src/audit/merkle.ts';
import { asciiJson, type PlanRecord, planDigest } from '../../src/kernel/plan.ts';
import { keyIdOf, type Signed, type Statement, signStatement } from '../../src/kernel/statement.ts';
import { anchorIn } from '../../src/store/anchor/anchor.ts';
import { makeHeadFile } from '../../src/store/head/file.ts';
import { type Place, until } from './front-door.ts';
import { executing } from './here.ts';
import { copyDatabase, holdDatabase, isDatabase, oidOf } from './postgres.ts';
import { events, reading, stateOf } from './state.ts';
import { columnsIn, type Tables, uncheck, withTables } from './tables.ts';

/** Makes a place an installation like another one as it is now: what is then done to it happens to nobody else. */
export function copyInto(place: Pick<Place, 'home' | 'database'>, from: Pick<Place, 'home' | 'database'>): void {
  cpSync(from.home, place.home, { recursive: true });
  chmodSync(join(place.home, 'keys'), 0o700);
  if (!isDatabase(place.database)) return;
  copyDatabase(place.database, from.database);
  placeHeads(place);
}

/** What was seen of the log counts as seen in this database: gates tell another one by its number. */
function placeHeads({ home, database }: Pick<Place, 'home' | 'database'>): void {
  const here = (server: string) => server.replace(/-\d+-/, `-${oidOf(database)}-`);
  const own = new Sqlite(join(home, 'keys', 'head.db'));
  const server = own.prepare<[], string | null>('SELECT server FROM place').pluck().get();
  if (server) own.prepare('UPDATE place SET server = ?').run(here(server));
  own.close();
  const heads = join(home, 'anchor', 'head');
  for (const name of readdirSync(heads)) {
    const head = JSON.parse(readFileSync(join(heads, name), 'utf8'));
    writeFileSync(join(heads, name), JSON.stringify({ ...head, server: here(head.server) }));
  }
}

/**
 * As if this installation, and whoever shares its anchor, had never seen the log before someone rewrote it: signatures
 * and the plan alone are left to tell.
 */
export async function forgetHead({ home, database }: Pick<Place, 'home' | 'database'>): Promise<void> {
  const file = join(home, 'keys', 'head.db');
  rmSync(file);
  await makeHeadFile(file);
  if (!isDatabase(database)) return;
  const anchor = anchorIn(join(home, 'anchor'));
  const before = anchor.read();
  const [tree] = reading<{ size: number; frontier: Uint8Array }>({ database }, 'SELECT size, frontier FROM tree');
  if (!before || !tree) throw new Error('nobody has seen this log');
  const { number, ...seen } = before;
  if (!anchor.replace(before, { ...seen, size: tree.size, peaks: peaksOf(tree.frontier) }))
    throw new Error(`there is a head after ${number}`);
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
export function rewriteLog(db: Tables, edit: (entries: Entry[]) => Entry[]): void {
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
export function replacePlan(db: Tables, id: string, change: (plan: PlanRecord) => PlanRecord, log = false): string {
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
  alter(place: Pick<Place, 'database'>): void;
}

/**
 * Every way to change one value of one row that mentions the ticket, and of the tree: a byte of a text or blob, a
 * number, a state.
 */
export function mutationsAbout(
  place: Pick<Place, 'database'>,
  ticket: string,
  states: readonly string[],
): readonly Mutation[] {
  const mutations: Mutation[] = [];
  const count = new Map<string, number>();
  for (const [table, columns] of withTables(place, (tables) => columnsIn(place, tables))) {
    const order = columns.map(({ name }) => `"${name}"`).join(', ');
    const all = `SELECT * FROM ${table} ORDER BY ${order}`;
    const rows = reading<Record<string, Value>>(place, all);
    for (const [index, row] of rows.entries()) {
      const mentions = Object.values(row).some((value) => typeof value === 'string' && value.includes(ticket));
      if (!mentions && table !== 'tree') continue;
      for (const { name, type } of columns)
        for (const value of alternatives(row[name] ?? null, type, name === 'state' ? states : undefined)) {
          const key = table === 'entry' ? `entry.${name} of ${JSON.parse(String(row.text)).type}` : `${table}.${name}`;
          count.set(key, (count.get(key) ?? 0) + 1);
          mutations.push({
            what: `${key} ${count.get(key)}`,
            alter: (other) =>
              withTables(other, (tables) => {
                uncheck(other, tables);
                const keys = reading<Record<string, Value>>(other, all)[index];
                const where = columns.map((column) => `"${column.name}" IS NOT DISTINCT FROM ?`).join(' AND ');
                const { changes } = tables
                  .prepare(`UPDATE ${table} SET "${name}" = ? WHERE ${where}`)
                  .run(value, ...columns.map((column) => keys?.[column.name] ?? null));
                if (changes !== 1) throw new Error(`${changes} rows of ${table} were changed, not one`);
              }),
          });
        }
    }
  }
  return mutations;
}

type Value = string | number | boolean | Uint8Array | null;

function alternatives(value: Value, type: string, states: readonly string[] | undefined): readonly Value[] {
  if (states) return states.filter((state) => state !== value);
  if (value === null) return [type === 'INTEGER' ? 1 : 'other'];
  if (typeof value === 'number') return [value + 1000];
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'string') {
    // Another letter or digit in the middle: the text stays as readable as it was.
    const middle = Math.floor(value.length / 2);
    const at = value.slice(middle).search(/[0-9a-z]/) + middle;
    return [`${value.slice(0, at)}${value[at] === 'a' ? 'b' : 'a'}${value.slice(at + 1)}`];
  }
  return [value.map((byte, index) => (index === 0 ? byte ^ 1 : byte))];
}
