import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import type { ClientClass, OwnSettings, SdkClient } from '../../../tools/ports/service.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { called } from './call.ts';
import { checkingAnswers, withinTime } from './deadline.ts';
import { noAnswerWithin, notAws } from './errors.ts';
import type { RoleSession } from './role-session.ts';
import { assumeRole } from './roles.ts';

export interface ClientOptions {
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly role: RoleSession | undefined;
  /** 1: what is sent is sent once. The SDK resends by default, also requests that may have been carried out. */
  readonly attempts: number;
  /** How long a request may take, all attempts and the answer's last byte included. */
  readonly limitMs: number;
  /** Called before each attempt. */
  readonly onSend: (() => void) | undefined;
}

/** The access key id, and when the credentials end, where they do. */
export interface SignedIn {
  readonly accessKeyId: string;
  readonly expiration?: Date | undefined;
}

/** Who we are is asked before everything else, and must leave time for it. */
const STS_LIMIT_MS = 10_000;

export interface Clients {
  readonly region: string;
  readonly sts: STSClient;
  /** Of any other service: made once for each class. */
  client<C extends SdkClient>(Client: ClientClass<C>, own?: OwnSettings): C;
  /** What is made once for all who use these clients. */
  kept<T extends object>(make: () => T): T;
  /** Finds the credentials that all of these clients use, or says why there are none. */
  signIn(): Promise<SignedIn>;
}

/**
 * Has no `info`: where that is missing the SDK doesn't make a copy of each request and answer for a log line. What
 * happened is in our own log. A warning is passed on: of two sources of credentials the SDK says which it takes.
 */
const QUIET = {
  debug() {},
  warn: (message: unknown) => process.emitWarning(String(message)),
  error() {},
} as unknown as NonNullable<STSClientConfig['logger']>;

/** Clients of one region and role; each is made when it is first used. */
export function createClients({ region, endpoint, credentials: own, role, ...rest }: ClientOptions): Clients {
  const { attempts, limitMs, onSend } = rest;
  // What is sent once gets a connection of its own: one that was kept open may be closed from the other side at the
  // very moment at which it is used again, and then nobody knows whether the request arrived.
  const keepAlive = attempts > 1;
  const settings = {
    region,
    logger: QUIET,
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive },
      httpsAgent: { keepAlive },
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(own === undefined ? {} : { credentials: own }),
  };
  const stsLimitMs = Math.min(STS_LIMIT_MS, limitMs);
  const base = lazily(() => guarded(new STSClient({ ...settings, maxAttempts: 3 }), stsLimitMs, onSend));
  // One source for all: what was found before the intent is what signs the request after it.
  const credentials = role ? assumeRole(base, role) : () => base().config.credentials();
  const sts = role ? lazily(() => guarded(new STSClient({ ...settings, credentials }), stsLimitMs, onSend)) : base;
  const made = new Map<object, object>();
  const once = <T extends object>(key: object, make: () => T): T => {
    const known = (made.get(key) as T | undefined) ?? make();
    made.set(key, known);
    return known;
  };
  return {
    region,
    client: (Client, own) =>
      once(Client, () =>
        guarded(new Client({ ...own?.settings, ...settings, credentials }), limitMs, onSend, own?.answers),
      ),
    kept: (make) => once(make, make),
    async signIn() {
      const found = within(stsLimitMs, credentials(), 'signing in');
      return await called<SignedIn>(found, 'signing in');
    },
    get sts() {
      return sts();
    },
  };
}

/** Who these clients are, as AWS says. */
export async function whoAmI({ sts }: Clients, region: string) {
  const answer = await called(sts.send(new GetCallerIdentityCommand({})), 'GetCallerIdentity');
  if (!answer.Account || !answer.Arn) throw notAws('GetCallerIdentity', 200, 'an answer without an account');
  return { account: answer.Account, region, arn: answer.Arn };
}

/** The region that the SDK's own conventions give: AWS_REGION, or the profile's. */
export async function regionByConvention(): Promise<string> {
  try {
    return await new STSClient({}).config.region();
  } catch (cause) {
    throw new HoldshortError(
      'config_invalid',
      'no AWS region is set',
      'pass `region`, or set AWS_REGION (or a profile with a region) for the process that runs holdshort',
      cause,
    );
  }
}

/** A program that is asked for credentials, or a machine's own address for them, may never answer. */
async function within<T>(limitMs: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(noAnswerWithin(limitMs, what, false)), limitMs);
  });
  return await Promise.race([work, tooLong]).finally(() => clearTimeout(timer));
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function guarded<C extends Pick<SdkClient, 'middlewareStack' | 'config'>>(
  client: C,
  limitMs: number,
  onSend: (() => void) | undefined,
  known?: RegExp,
): C {
  // Every client's stack has its own input and output types; these steps look at neither.
  const stack = client.middlewareStack as STSClient['middlewareStack'];
  stack.add(withinTime(limitMs), { step: 'initialize', priority: 'high', name: 'holdshortWithinTime' });
  // Low is closest to the wire, so that it comes before the SDK's own reading.
  stack.add(checkingAnswers(known, onSend), { step: 'deserialize', priority: 'low', name: 'holdshortCheckAnswers' });
  Object.defineProperty(client.config, 'systemClockOffset', AWS_CLOCK);
  return client;
}

/**
 * How far AWS's clock is ahead of this machine's, as the date of its newest answer says: one for all clients. The SDK
 * keeps one for each. On a machine whose clock is off by more than a quarter of an hour AWS then refuses each client's
 * first request, which the SDK dates right and sends again; what is sent once would be the first of its client, and
 * every approval that such a machine takes would end there.
 */
let ahead = 0;
const AWS_CLOCK = {
  get: () => ahead,
  set(ms: number) {
    // An answer may have no date that can be read.
    if (Number.isFinite(ms)) ahead = ms;
  },
};
