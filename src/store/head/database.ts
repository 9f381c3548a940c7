import type { Database, Statement } from 'better-sqlite3';
import { headBusy } from './failures.ts';

/**
 * How long the head is waited for while this process has the log's lock, which every writer waits for. What takes
 * longer is tried again without that lock.
 */
const HURRY_MS = 100;

/** The head's own database. That it is busy is said of it by name: whose lock that is, its caller could not tell. */
export class HeadDatabase {
  readonly #db: Database;
  readonly #statements = new Map<string, Statement<unknown[], unknown>>();

  constructor(db: Database) {
    this.#db = db;
  }

  get<Row>(sql: string, ...values: unknown[]): Row | undefined {
    return this.#named(() => this.#prepared(sql).get(...values)) as Row | undefined;
  }

  all<Row>(sql: string, ...values: unknown[]): Row[] {
    return this.#named(() => this.#prepared(sql).all(...values)) as Row[];
  }

  run(sql: string, ...values: unknown[]): void {
    this.#named(() => this.#prepared(sql).run(...values));
  }

  exec(sql: string): void {
    this.#named(() => this.#db.exec(sql));
  }

  /** Of one moment, and whole or not at all. What `work` itself fails with, the log's lock say, is thrown as it is. */
  transaction<T>(kind: 'deferred' | 'immediate', work: () => T): T {
    let own = true;
    const all = this.#db.transaction(() => {
      own = false;
      const result = work();
      own = true;
      return result;
    });
    try {
      return all[kind]();
    } catch (error) {
      throw own ? headBusy(this.#db.name, error) : error;
    }
  }

  /** Does `work` without waiting long for who else has the head. */
  hurried<T>(work: () => T): T {
    const patience = this.#db.pragma('busy_timeout', { simple: true });
    this.#db.pragma(`busy_timeout = ${HURRY_MS}`);
    try {
      return work();
    } finally {
      this.#db.pragma(`busy_timeout = ${patience}`);
    }
  }

  close(): void {
    this.#db.close();
  }

  #named<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw headBusy(this.#db.name, error);
    }
  }

  #prepared(sql: string): Statement<unknown[], unknown> {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
