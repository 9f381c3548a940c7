import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { HoldshortError } from '../kernel/errors.ts';
import { checkAnswer } from './answer.ts';
import { called } from './call.ts';
import { notAws } from './errors.ts';
import { assumeRole } from './roles.ts';

export interface ClientOptions {
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly role: { readonly arn: string; readonly session: string } | undefined;
  /** 1: what is sent is sent once. The SDK resends by default, also requests that may have been carried out. */
  readonly attempts: number;
}

export interface Clients {
  readonly cloudformation: CloudFormationClient;
  readonly ec2: EC2Client;
  readonly sts: STSClient;
}

/** Clients of one region and role; each is made when it is first used. */
export function createClients({ region, endpoint, credentials: own, role, attempts }: ClientOptions): Clients {
  const settings = {
    region,
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(own === undefined ? {} : { credentials: own }),
  };
  const base = lazily(() => guarded(new STSClient({ ...settings, maxAttempts: 3 })));
  const credentials = role ? { credentials: assumeRole(base, role.arn, role.session) } : {};
  const cloudformation = lazily(() => guarded(new CloudFormationClient({ ...settings, ...credentials })));
  const ec2 = lazily(() => guarded(new EC2Client({ ...settings, ...credentials })));
  const sts = lazily(() => guarded(new STSClient({ ...settings, ...credentials })));
  return {
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

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function guarded<C extends CloudFormationClient | EC2Client | STSClient>(client: C): C {
  // Every client's stack has its own input and output types; this step looks at neither.
  const stack = client.middlewareStack as STSClient['middlewareStack'];
  stack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      await checkAnswer(result.response, context.commandName);
      return result;
    },
    // Low is closest to the wire, so that it comes before the SDK's own reading.
    { step: 'deserialize', priority: 'low', name: 'holdshortCheckAnswer' },
  );
  return client;
}
