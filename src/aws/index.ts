import type { Caller, Planners, Readers, Writers } from '../../tools/define.ts';
import type { Keepers } from '../../tools/ports/keepers.ts';
import type { Gathering, Line } from './ec2/together.ts';
import type { Clients, SignedIn } from './request/clients.ts';
import type { First } from './request/deadline.ts';
import { demandAccount, demandListed, demandRegion, demandWriter, type OnlyAccount } from './request/only.ts';
import type { Grant, RoleSession } from './request/role-session.ts';
import type { SentRequest, TrailRecord } from './trail/accepted.ts';

export interface AwsOptions {
  /** Assumed for reading and planning. Absent: the SDK's own credentials. */
  readonly readRoleArn?: string | undefined;
  /** Assumed for changes, in a session of its own for each request of a ticket. Absent: the SDK's own credentials. */
  readonly executionRoleArn?: string | undefined;
  /** Given along when the execution role is assumed; and the read role, where `only` says which account. */
  readonly externalId?: string | undefined;
  /** The account that all credentials must be for, and the only regions in it. Absent: that of the credentials. */
  readonly only?: OnlyAccount | undefined;
  /** Absent: the SDK's own conventions (AWS_REGION, the profile). */
  readonly region?: string | undefined;
  /** Absent: the SDK's own conventions (AWS_ENDPOINT_URL, else AWS). */
  readonly endpoint?: string | undefined;
  /** For the embedded cloud. Absent: the SDK's own conventions. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** How long a request may take, all attempts and the answer's last byte included, in milliseconds. Absent: 30 s. */
  readonly limitMs?: number | undefined;
  /** Called before each request is sent, and again each time that it is resent. */
  readonly onSend?: (() => void) | undefined;
}

/**
 * AWS behind ports. `region` is a region's name; absent, it is the default one.
 * Errors of all: `config_invalid` (no region), `aws_denied`, `aws_unreachable`, `aws_rejected`.
 */
export interface Aws {
  /** Account, region and principal that reads speak for. */
  caller(region?: string): Promise<Caller>;
  /**
   * @param over once it is aborted nothing more is sent for these readers, and no answer is waited for:
   *   `aws_unreachable`
   */
  readers(region?: string, over?: AbortSignal): Promise<Readers>;
  /**
   * The same for one of many looks at what is under way: what several look for at once is listed once.
   * @param line in which they stand; each listing takes its turn there
   */
  watching(region: string, over: AbortSignal, line: Line): Promise<Readers>;
  planners(region?: string, over?: AbortSignal): Promise<Planners>;
  /** What recovery kits are made from, with the credentials of `readers`. */
  keepers(region: string, over: AbortSignal): Promise<Keepers>;
  /**
   * With credentials that are found and known to be for the account that `readers` read: what could keep a change from
   * being sent at all has happened by then. Errors also: `config_invalid` (another account).
   */
  writers(region?: string): Promise<Writers>;
  /** The same for one request of a ticket, signed in by the time that this returns. */
  sender(region: string, as: SendingAs): Promise<Sender>;
  /**
   * CloudTrail's event, without an error, of a request that was sent in a session of its own, with the credentials of
   * `readers`. Undefined: there is none yet, which proves nothing.
   */
  accepted(region: string, request: SentRequest, over: AbortSignal): Promise<TrailRecord | undefined>;
  /** Is each request of a ticket sent in a session of its own, with no more than its policy? */
  readonly perRequest: boolean;
  defaultRegion(): Promise<string>;
}

/** The session in which a ticket's request is sent, where there is an execution role. */
export interface SendingAs {
  /** CloudTrail shows it beside the request. */
  readonly name: string;
  readonly grant: Grant;
}

export interface Sender {
  /** Each request awaits `first` when it is signed and about to leave; where that fails, nothing is sent. */
  ports(first: First): Writers;
  /** Of an execution role: its access key id is in CloudTrail's records, and after its end nothing is sent by it. */
  readonly session?: { readonly access_key: string; readonly ends_at: string };
}

const READ_ATTEMPTS = 3;
const WRITE_ATTEMPTS = 1;
const LIMIT_MS = 30_000;
/** Signing in again may make us someone else, in another account. */
const CALLER_MS = 60_000;

/** Costs nothing until something is asked: the SDK is loaded at first use. */
export function createAws(options: AwsOptions): Aws {
  const {
    readRoleArn,
    executionRoleArn,
    externalId,
    only,
    endpoint,
    credentials,
    limitMs = LIMIT_MS,
    onSend,
  } = options;
  let byConvention: Promise<string> | undefined;
  const readClients = new Map<string, Promise<Clients>>();
  const planClients = new Map<string, Promise<Clients>>();
  const writeClients = new Map<string, Promise<Clients>>();
  const callers = new Map<string, Promise<Caller>>();
  const asked = new Map<string, number>();
  /** By access key: whose a key is doesn't change. */
  const identified = new Map<string, Promise<Caller>>();
  const gatherings = new Map<string, Gathering>();
  const readers = new Map<string, Promise<(caller: Caller, over?: AbortSignal) => Readers>>();

  const defaultRegion = async () => {
    const named = only?.regions[0] ?? options.region;
    byConvention ??= named
      ? Promise.resolve(named)
      : import('./request/clients.ts').then(({ regionByConvention }) => regionByConvention());
    return await keptUnlessFailed(byConvention, () => {
      byConvention = undefined;
    });
  };

  const readingAs = (name: string) =>
    readRoleArn === undefined ? undefined : { arn: readRoleArn, name, ...(only && { external_id: externalId }) };

  const clients = async (where: string, attempts: number, role: RoleSession | undefined) => {
    demandRegion(only, where);
    const { createClients } = await import('./request/clients.ts');
    return createClients({
      region: where,
      endpoint,
      credentials,
      attempts,
      limitMs,
      onSend,
      role,
    });
  };

  const identify = async (as: Clients, where: string): Promise<Caller> => {
    const { whoAmI } = await import('./request/clients.ts');
    return await whoAmI(as, where);
  };

  /** A role's name in a file says little: what counts is whom AWS takes these credentials for. */
  const demandOwn = async (as: Clients, where: string) => {
    if (!only) return as;
    const { accessKeyId } = await as.signIn();
    await remembered(identified, `${where} ${accessKeyId}`, async () => demandListed(only, await identify(as, where)));
    return as;
  };

  const reading = async (where: string) =>
    await demandOwn(
      await remembered(
        readClients,
        where,
        async () => await clients(where, READ_ATTEMPTS, readingAs('holdshort-read')),
      ),
      where,
    );

  const readersIn = async (where: string, over?: AbortSignal) => {
    const portsOf = await remembered(readers, where, async () => {
      const { readersFrom } = await import('./services.ts');
      return readersFrom(await reading(where));
    });
    return portsOf(await caller(where), over);
  };

  const caller = async (where: string) => {
    const now = performance.now();
    if (now - (asked.get(where) ?? now) > CALLER_MS) callers.delete(where);
    if (!callers.has(where)) asked.set(where, now);
    return await remembered(callers, where, async () =>
      demandListed(only, await identify(await reading(where), where)),
    );
  };

  const writing = async (
    where: string,
    name: string,
    grant?: Grant,
  ): Promise<{ readonly clients: Clients; readonly session?: SignedIn }> => {
    if (executionRoleArn !== undefined) {
      // Anyone who assumes a role is in the role's account: nobody needs to be asked.
      demandAccount(await caller(where), executionRoleArn.split(':')[4]);
      const role = await clients(where, WRITE_ATTEMPTS, {
        arn: executionRoleArn,
        name,
        external_id: externalId,
        ...(grant ? { grant } : {}),
      });
      return { clients: role, session: await role.signIn() };
    }
    const own = await remembered(writeClients, where, async () => await clients(where, WRITE_ATTEMPTS, undefined));
    const [key, readKey] = [(await own.signIn()).accessKeyId, (await (await reading(where)).signIn()).accessKeyId];
    // Another key is a read role's, or of a profile that was changed since the readers signed in.
    if (key !== readKey) {
      const writer = await remembered(identified, `${where} ${key}`, async () =>
        demandWriter(only, await identify(own, where)),
      );
      demandAccount(await caller(where), writer.account);
    }
    return { clients: own };
  };

  return {
    defaultRegion,
    async caller(region) {
      return await caller(region ?? (await defaultRegion()));
    },
    readers: async (region, over) => await readersIn(region ?? (await defaultRegion()), over),
    async watching(where, over, line) {
      const { ec2Together } = await import('./ec2/together.ts');
      const found = await readersIn(where, over);
      const gathering = gatherings.get(where) ?? new Map();
      gatherings.set(where, gathering);
      return { ...found, ec2: ec2Together(found.ec2, gathering, line) };
    },
    async keepers(region, over) {
      const { keepersFrom } = await import('./services.ts');
      return keepersFrom(await reading(region), over);
    },
    async planners(region, over) {
      const where = region ?? (await defaultRegion());
      const { plannersFrom } = await import('./services.ts');
      const planning = await remembered(
        planClients,
        where,
        async () => await clients(where, WRITE_ATTEMPTS, readingAs('holdshort-plan')),
      );
      return plannersFrom(await demandOwn(planning, where), over);
    },
    async writers(region) {
      const where = region ?? (await defaultRegion());
      const { writersFrom } = await import('./services.ts');
      return writersFrom((await writing(where, 'holdshort')).clients);
    },
    async sender(region, as) {
      const { writersFrom } = await import('./services.ts');
      const { clients: own, session } = await writing(region, as.name, as.grant);
      const ports = (first: First) => writersFrom(own, first);
      if (!session?.expiration) return { ports };
      return { ports, session: { access_key: session.accessKeyId, ends_at: session.expiration.toISOString() } };
    },
    async accepted(region, request, over) {
      const { trailFrom } = await import('./services.ts');
      return await trailFrom(await reading(region), over)(request, await caller(region));
    },
    perRequest: executionRoleArn !== undefined,
  };
}

async function remembered<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key) ?? make();
  cache.set(key, known);
  return await keptUnlessFailed(known, () => cache.delete(key));
}

async function keptUnlessFailed<T>(promise: Promise<T>, forget: () => void): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    forget();
    throw error;
  }
}
