import type { Caller, Planners, Readers, Writers } from '../../tools/define.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { Clients } from './clients.ts';

export interface AwsOptions {
  /** Assumed for reading and planning. Absent: the SDK's own credentials. */
  readonly readRoleArn?: string | undefined;
  /** Assumed for changes, in a session of its own for each ticket. Absent: the SDK's own credentials. */
  readonly executionRoleArn?: string | undefined;
  /** Absent: the SDK's own conventions (AWS_REGION, the profile). */
  readonly region?: string | undefined;
  /** Absent: the SDK's own conventions (AWS_ENDPOINT_URL, else AWS). */
  readonly endpoint?: string | undefined;
  /** For the embedded cloud. Absent: the SDK's own conventions. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/**
 * AWS behind ports. `region` is a region's name; absent, it is the default one.
 * Errors of all: `config_invalid` (no region), `aws_denied`, `aws_unreachable`, `aws_rejected`.
 */
export interface Aws {
  /** Account, region and principal that reads speak for. */
  caller(region?: string): Promise<Caller>;
  readers(region?: string): Promise<Readers>;
  planners(region?: string): Promise<Planners>;
  /** @param sessionName with an execution role: the name of the role session, which CloudTrail shows beside each request */
  writers(region?: string, sessionName?: string): Promise<Writers>;
  defaultRegion(): Promise<string>;
}

const READ_ATTEMPTS = 3;
const WRITE_ATTEMPTS = 1;
/** Signing in again may make us somebody else, in another account. */
const CALLER_MS = 60_000;

/** Costs nothing until something is asked: the SDK is loaded at first use. */
export function createAws(options: AwsOptions): Aws {
  const { readRoleArn, executionRoleArn, endpoint, credentials } = options;
  let byConvention: Promise<string> | undefined;
  const readClients = new Map<string, Promise<Clients>>();
  const planClients = new Map<string, Promise<Clients>>();
  const writeClients = new Map<string, Promise<Clients>>();
  const callers = new Map<string, Promise<Caller>>();
  const readers = new Map<string, Promise<Omit<Readers, 'caller'>>>();
  const asked = new Map<string, number>();

  const defaultRegion = async () => {
    byConvention ??= options.region
      ? Promise.resolve(options.region)
      : import('./clients.ts').then(({ regionByConvention }) => regionByConvention());
    return await keptUnlessFailed(byConvention, () => {
      byConvention = undefined;
    });
  };

  const clients = async (where: string, attempts: number, arn: string | undefined, session: string) => {
    const { createClients } = await import('./clients.ts');
    return createClients({
      region: where,
      endpoint,
      credentials,
      attempts,
      role: arn === undefined ? undefined : { arn, session },
    });
  };

  const caller = async (where: string) => {
    const now = Date.now();
    if (now - (asked.get(where) ?? now) > CALLER_MS) callers.delete(where);
    if (!callers.has(where)) asked.set(where, now);
    return await remembered(callers, where, async () => {
      const { whoAmI } = await import('./clients.ts');
      return await whoAmI(await reading(where), where);
    });
  };

  const reading = async (where: string) =>
    await remembered(
      readClients,
      where,
      async () => await clients(where, READ_ATTEMPTS, readRoleArn, 'holdshort-read'),
    );

  const writing = async (where: string, session: string) => {
    if (executionRoleArn === undefined)
      return await remembered(
        writeClients,
        where,
        async () => await clients(where, WRITE_ATTEMPTS, undefined, session),
      );
    await demandAccount(executionRoleArn, await caller(where));
    return await clients(where, WRITE_ATTEMPTS, executionRoleArn, session);
  };

  return {
    defaultRegion,
    async caller(region) {
      return await caller(region ?? (await defaultRegion()));
    },
    async readers(region) {
      const where = region ?? (await defaultRegion());
      const ports = await remembered(readers, where, async () => {
        const [{ cloudFormationReader }, { ec2Reader }] = await Promise.all([
          import('./cloudformation-reader.ts'),
          import('./ec2-reader.ts'),
        ]);
        const { cloudformation, ec2 } = await reading(where);
        return { cloudformation: cloudFormationReader(cloudformation), ec2: ec2Reader(ec2) };
      });
      return { ...ports, caller: await caller(where) };
    },
    async planners(region) {
      const where = region ?? (await defaultRegion());
      const { cloudFormationPlanner } = await import('./cloudformation-writer.ts');
      const { cloudformation } = await remembered(
        planClients,
        where,
        async () => await clients(where, WRITE_ATTEMPTS, readRoleArn, 'holdshort-plan'),
      );
      return { cloudformation: cloudFormationPlanner(cloudformation) };
    },
    async writers(region, sessionName = 'holdshort') {
      const where = region ?? (await defaultRegion());
      const [{ cloudFormationWriter }, { ec2Writer }] = await Promise.all([
        import('./cloudformation-writer.ts'),
        import('./ec2-writer.ts'),
      ]);
      const { cloudformation, ec2 } = await writing(where, sessionName);
      return { cloudformation: cloudFormationWriter(cloudformation), ec2: ec2Writer(ec2) };
    },
  };
}

/** A plan is about the account that was read: an execution role of another account would carry it out elsewhere. */
async function demandAccount(roleArn: string, { account }: Caller): Promise<void> {
  if (roleArn.split(':')[4] === account) return;
  throw new HoldshortError(
    'config_invalid',
    `aws.execution_role_arn is not of account ${account}, which reads and plans are about`,
    'set read_role_arn and execution_role_arn to roles of one account',
  );
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
