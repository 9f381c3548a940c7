import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import type { S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { ClientSettings, SdkClient } from '../../../tools/ports/service.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { BUCKET_ANSWER } from './answer.ts';
import { called } from './call.ts';
import { checkingAnswers, withinTime } from './deadline.ts';
import { noAnswerWithin, notAws } from './errors.ts';
import { assumeRole } from './roles.ts';

export interface ClientOptions {
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly role: { readonly arn: string; readonly session: string } | undefined;
  /** 1: what is sent is sent once. The SDK resends by default, also requests that may have been carried out. */
  readonly attempts: number;
  /** How long a request may take, all attempts and the answer's last byte included. */
  readonly limitMs: number;
}

/** Who we are is asked before everything else, and must leave time for it. */
const STS_LIMIT_MS = 10_000;

export interface Clients {
  readonly region: string;
  readonly cloudformation: CloudFormationClient;
  readonly ec2: EC2Client;
  readonly sts: STSClient;
  /** Loaded when a stack that is to be deleted has a bucket. */
  s3(): Promise<S3Client>;
  /** Of any other service: made once for each name. */
  client<C extends SdkClient>(service: string, make: (settings: ClientSettings) => C): C;
  /** Finds the credentials that all of these clients use, or says why there are none. Gives the access key id. */
  signIn(): Promise<string>;
}

/**
 * Has no `info`: where that is missing the SDK doesn't make a copy of each request and answer for a log line. What
 * happened is in our own log. A warning is passed on: of two sources of credentials the SDK says which it takes.
 */
const QUIET = {
  debug() {},
  warn: (message: unknown) => process.emitWarning(String(message)),
  error() {},
} as unknown as NonNullable<EC2ClientConfig['logger']>;

/** Clients of one region and role; each is made when it is first used. */
export function createClients({ region, endpoint, credentials: own, role, ...rest }: ClientOptions): Clients {
  const { attempts, limitMs } = rest;
  const settings = {
    region,
    logger: QUIET,
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(own === undefined ? {} : { credentials: own }),
  };
  const stsLimitMs = Math.min(STS_LIMIT_MS, limitMs);
  const base = lazily(() => guarded(new STSClient({ ...settings, maxAttempts: 3 }), stsLimitMs));
  // One source for all: what was found before the intent is what signs the request after it.
  const credentials = role ? assumeRole(base, role.arn, role.session) : () => base().config.credentials();
  const cloudformation = lazily(() => guarded(new CloudFormationClient({ ...settings, credentials }), limitMs));
  const ec2 = lazily(() => guarded(new EC2Client({ ...settings, credentials }), limitMs));
  const sts = role ? lazily(() => guarded(new STSClient({ ...settings, credentials }), stsLimitMs)) : base;
  let loaded: Promise<S3Client> | undefined;
  const others = new Map<string, SdkClient>();
  return {
    region,
    client<C extends SdkClient>(service: string, make: (settings: ClientSettings) => C) {
      const client = (others.get(service) as C | undefined) ?? guarded(make({ ...settings, credentials }), limitMs);
      others.set(service, client);
      return client;
    },
    async s3() {
      loaded ??= import('@aws-sdk/client-s3').then(({ S3Client }) => {
        // By path: emulators have no name for each bucket, and AWS takes both.
        const client = new S3Client({ ...settings, credentials, forcePathStyle: true });
        return guarded(client, limitMs, BUCKET_ANSWER);
      });
      return await loaded;
    },
    async signIn() {
      const found = within(stsLimitMs, credentials(), 'signing in');
      return (await called<{ readonly accessKeyId: string }>(found, 'signing in')).accessKeyId;
    },
    get cloudformation() {
      return cloudformation();
    },
    get ec2() {
      return ec2();
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

function guarded<C extends Pick<SdkClient, 'middlewareStack'>>(client: C, limitMs: number, known?: RegExp): C {
  // Every client's stack has its own input and output types; these steps look at neither.
  const stack = client.middlewareStack as STSClient['middlewareStack'];
  stack.add(withinTime(limitMs), { step: 'initialize', priority: 'high', name: 'holdshortWithinTime' });
  // Low is closest to the wire, so that it comes before the SDK's own reading.
  stack.add(checkingAnswers(known), { step: 'deserialize', priority: 'low', name: 'holdshortCheckAnswers' });
  return client;
}
