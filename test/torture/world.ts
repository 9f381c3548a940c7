import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import Sqlite from 'better-sqlite3';
import { startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, until } from '../scenes/front-door.ts';
import { askingHere } from '../scenes/here.ts';
import { FOR_EVER_MS, type Kind, OTHERS, REGIONS, type Subject, type There } from './kind.ts';
import { type Ending, type Life, live, livesUntil } from './life.ts';

/** Policy holds nothing here: executing is what is tested. */
const NOTHING_HELD = `environments: [{ name: sandbox, match: { regions: [${REGIONS.join(', ')}] } }]\n`;
/** Approved tickets that each executor finds at its start: some wait for leases, and others run. */
const AT_HAND = 3;
const STEP_MS = 30;
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
  /** One more executor, and how it ended. */
  life(ending: Ending): Promise<Life>;
  /** One that nobody kills: until it has nothing left to do. @returns the tickets that are stuck */
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
    else await new Promise((resolve) => setTimeout(resolve, 10 * STEP_MS));
  };
  const cloud = await startCloud(kind.seed(room), { latencyMs: kind.latencyMs ?? STEP_MS, now });
  const place = makePlace({ endpoint: cloud.endpoint, config: NOTHING_HELD, env: { ...env } });
  const aws = { ...OTHERS, endpoint: cloud.endpoint, region: 'eu-west-1' };
  const there: There = { cloud, ec2: new EC2Client(aws), cloudformation: new CloudFormationClient(aws), pass };
  const subjects = await kind.prepare(there, room);
  // What was just made becomes available; what is to stay under way does.
  if (kind.latencyMs === undefined) await pass();
  const asking = await askingHere(place);
  const tickets: Carried[] = [];

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

  async function topUp(): Promise<void> {
    const free = rows<{ n: number }>(
      "SELECT count(*) AS n FROM ticket WHERE state = 'approved' AND claim_owner IS NULL",
    );
    for (let left = AT_HAND - (free[0]?.n ?? 0); left > 0; left--) {
      const subject = subjects[tickets.length];
      if (!subject) return;
      // Each for an agent of its own: what one agent asks for after something of which nobody knows is held.
      const { id, state } = await asking.ask(`agent-${tickets.length}`, kind.tool, subject.args);
      if (state !== 'approved') throw new Error(`${kind.name}: ${subject.mark} is ${state}, not approved`);
      tickets.push({ id, subject, before: 0, after: 0 });
    }
  }

  return {
    ...{ kind, place, there, tickets, rows },
    async life(ending) {
      await topUp();
      const earlier = new Map(states().map((row) => [row.id, row]));
      const life = await live(place, ending);
      for (const { id, state, epoch, owner } of states()) {
        const ticket = tickets.find((one) => one.id === id);
        if (!ticket || owner === null || epoch === earlier.get(id)?.epoch) continue;
        if (state === 'approved') ticket.before += 1;
        if (state === 'executing') ticket.after += 1;
      }
      return life;
    },
    async finale() {
      const waited = (is: (rows: readonly TicketRow[]) => boolean) =>
        until(states, is, STUCK_MS, 200).catch(() => undefined);
      await livesUntil(place, async () => {
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
      });
      return states().flatMap(({ id, state }) => (state === 'approved' || state === 'executing' ? [id] : []));
    },
    async [Symbol.asyncDispose]() {
      there.ec2.destroy();
      there.cloudformation.destroy();
      await place[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
    },
  };
}
