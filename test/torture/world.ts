import Sqlite from 'better-sqlite3';
import { configOf, entry, LAB, SHOP, twoAccounts } from '../scenes/accounts.ts';
import { startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, until } from '../scenes/front-door.ts';
import { askingHere } from '../scenes/here.ts';
import { FOR_EVER_MS, type Kind, REGIONS, STEP_MS, type Subject, type There } from './kind.ts';
import { type Ending, type Life, live, livesUntil } from './life.ts';
import { othersIn } from './others.ts';

/** Policy holds nothing here: executing is what is tested. */
const NOTHING_HELD = `environments: [{ name: sandbox, match: { regions: [${REGIONS.join(', ')}] } }]\n`;
/** Approved tickets that each executor finds at its start: some wait for leases, and others run. */
const AT_HAND = 3;
/** So long after the last kill everything has ended: leases, and the time that AWS's records are given. */
const STUCK_MS = 180_000;

/** One ticket, and what was done to those who carried it out. */
export interface Carried {
  readonly id: string;
  readonly subject: Subject;
  /** How often its executor was killed before anything of it had begun, and after. */
  before: number;
  after: number;
}

/** A cloud, an installation, and tickets of one kind of change that executors carry out until they are killed. */
export interface World {
  readonly kind: Kind;
  readonly place: Place;
  readonly there: There;
  readonly tickets: readonly Carried[];
  /** What there is to change, and of kinds that ask for it themselves what they changed first. */
  readonly subjects: readonly Subject[];
  /** One more executor for each, all at once, and how they ended. */
  lives(endings: readonly Ending[]): Promise<readonly Life[]>;
  /** As many as are there at once, and nobody kills: until nothing is left to do. @returns what is stuck */
  finale(): Promise<readonly string[]>;
  rows<Row>(sql: string, ...values: readonly unknown[]): readonly Row[];
  [Symbol.asyncDispose](): Promise<void>;
}

interface TicketRow {
  readonly id: string;
  readonly state: string;
  readonly epoch: number;
  readonly owner: string | null;
  readonly progress: string | null;
}

/** @param room for how many tickets there is something to change */
export async function makeWorld(kind: Kind, room: number, env: Readonly<Record<string, string>> = {}): Promise<World> {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const pass = async () => {
    if (kind.latencyMs === FOR_EVER_MS) ahead += 20 * FOR_EVER_MS;
    else await new Promise((resolve) => setTimeout(resolve, Math.max(10 * STEP_MS, 2 * (kind.latencyMs ?? 0))));
  };
  const seed = kind.seed(room);
  const clock = { latencyMs: kind.latencyMs ?? STEP_MS, now };
  const cloud = kind.inAccounts
    ? await twoAccounts({ shop: seed, lab: seed, ...clock })
    : await startCloud(seed, clock);
  const config = kind.inAccounts ? `${NOTHING_HELD}${configOf([entry(SHOP), entry(LAB)])}` : NOTHING_HELD;
  const place = makePlace({ endpoint: cloud.endpoint, config, env: { ...env } });
  const there = othersIn(cloud, pass);
  const subjects = await kind.prepare(there, room);
  // What was just made becomes available; what is to stay under way does.
  if (kind.latencyMs !== FOR_EVER_MS) await pass();
  const asking = await askingHere(place);
  const tickets: Carried[] = [];
  const { executors = 1 } = kind;

  const rows = <Row>(sql: string, ...values: readonly unknown[]): readonly Row[] => {
    const database = new Sqlite(place.database, { readonly: true });
    try {
      return database.prepare<unknown[], Row>(sql).all(...values);
    } finally {
      database.close();
    }
  };
  const states = () =>
    rows<TicketRow>('SELECT id, state, claim_epoch AS epoch, claim_owner AS owner, progress FROM ticket ORDER BY id');

  const stateOf = (ticket: string) => states().find(({ id }) => id === ticket)?.state;
  async function carriedOut(): Promise<void> {
    const ended = () => until(states, (all) => all.every(({ state }) => state === 'succeeded'), STUCK_MS, 200);
    await livesUntil(place, ended);
  }
  const next =
    (await kind.ask?.({ there, place, asking, stateOf, carriedOut }, subjects)) ??
    (async () => {
      const subject = subjects[tickets.length];
      if (!subject) return undefined;
      // Each for an agent of its own: what one agent asks for after something of which nobody knows is held.
      return { subject, ticket: await asking.ask(`agent-${tickets.length}`, kind.tool, subject.args) };
    });

  const free = () => states().filter(({ state, owner }) => state === 'approved' && owner === null).length;

  /** @returns whether there was one to open */
  async function open(): Promise<boolean> {
    const opened = await next();
    if (!opened) return false;
    const { subject, ticket } = opened;
    if (ticket.state !== 'approved') throw new Error(`${kind.name}: ${subject.mark} is ${ticket.state}, not approved`);
    tickets.push({ id: ticket.id, subject, before: 0, after: 0 });
    return true;
  }

  async function topUp(): Promise<void> {
    for (let left = AT_HAND - free(); left > 0 && (await open()); left--);
  }

  /** One takes all that it finds: so that all of them want each, there is never more than one to be had. */
  async function oneByOne(count: number, isOver: () => boolean): Promise<void> {
    for (let left = count; left > 0 && !isOver(); ) {
      if (free() > 0) await new Promise((resolve) => setTimeout(resolve, STEP_MS));
      else if (await open()) left -= 1;
      else return;
    }
  }

  async function life(ending: Ending): Promise<Life> {
    const one = await live(place, ending);
    // What it had claimed is still its own for some seconds.
    for (const { id, state, owner } of states()) {
      const ticket = tickets.find((known) => known.id === id);
      if (!ticket || owner === null || owner !== one.owner) continue;
      if (state === 'approved') ticket.before += 1;
      if (state === 'executing') ticket.after += 1;
    }
    return one;
  }

  return {
    ...{ kind, place, there, tickets, subjects, rows },
    async lives(endings) {
      if (executors === 1) await topUp();
      let over = executors === 1;
      const asked = oneByOne(AT_HAND * endings.length, () => over);
      const all = await Promise.all(endings.map(life)).finally(() => {
        over = true;
      });
      await asked;
      return all;
    },
    async finale() {
      const waited = (is: (rows: readonly TicketRow[]) => boolean) =>
        until(states, is, STUCK_MS, 200).catch(() => undefined);
      const ended = (async () => {
        // Until each that was sent is seen to be under way, and what wasn't is known to be so.
        await waited((all) =>
          all.every(({ state, progress }) => state !== 'approved' && (state !== 'executing' || progress !== null)),
        );
        await pass();
        const looked = new Map(states().map(({ id, epoch }) => [id, epoch]));
        await waited((all) =>
          all.every(
            ({ id, state, epoch, owner }) =>
              state !== 'approved' &&
              state !== 'executing' &&
              owner === null &&
              (state !== 'unknown' || epoch > (looked.get(id) ?? 0)),
          ),
        );
      })();
      await Promise.all(Array.from({ length: executors }, () => livesUntil(place, () => ended)));
      return states().flatMap(({ id, state }) => (state === 'approved' || state === 'executing' ? [id] : []));
    },
    async [Symbol.asyncDispose]() {
      there.close();
      await place[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
    },
  };
}
