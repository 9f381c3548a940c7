import { DescribeInstancesCommand, EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAws } from '../../src/aws/index.ts';
import { wasRefused } from '../../src/aws/request/errors.ts';
import type { ClientSettings, Service, Session } from '../../tools/ports/service.ts';
import { type Endpoint, http, identity, type Stalled, session, stalled, startEndpoint } from '../scenes/endpoints.ts';

/*
 * What a service that brings its own ports is given: the SDK's own client, which keeps to the rules of all the others.
 */

const ROLE = 'arn:aws:iam::123456789012:role/run';
const LISTED = http(200, '<DescribeInstancesResponse><reservationSet></reservationSet></DescribeInstancesResponse>');
const PAGE = http(200, '<html><body>Sign in</body></html>', 'text/html');

let made: string[];
let server: Endpoint | undefined;
beforeEach(() => {
  made = [];
  // What an operator may have set for other tools counts for no client of ours.
  vi.stubEnv('AWS_MAX_ATTEMPTS', '5');
  vi.stubEnv('AWS_RETRY_MODE', 'adaptive');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
});

/** The SDK's own, which tells where each is for. */
class MachinesClient extends EC2Client {
  constructor(settings: ClientSettings) {
    super(settings);
    made.push(settings.region);
  }
}
const clientOf = ({ client }: Session) => client(MachinesClient);
const MACHINES = {
  name: 'machines',
  readers: (given: Session) => ({ list: async () => await clientOf(given).send(new DescribeInstancesCommand({})) }),
  planners: (given: Session) => ({ list: async () => await clientOf(given).send(new DescribeInstancesCommand({})) }),
  writers: (given: Session) => ({
    end: async () => await clientOf(given).send(new TerminateInstancesCommand({ InstanceIds: ['i-1'] })),
  }),
} satisfies Service<object, object, object>;

async function answering(answer: (action: string, key: string) => string | Stalled | undefined, limitMs?: number) {
  server = await startEndpoint((action, key) =>
    action === 'GetCallerIdentity' ? identity() : action === 'AssumeRole' ? session('ROLE') : answer(action, key),
  );
  const credentials = { accessKeyId: 'OWN', secretAccessKey: 'testing' };
  return {
    aws: createAws({ endpoint: server.endpoint, region: 'eu-west-1', credentials, limitMs, executionRoleArn: ROLE }),
    asked: () => server?.actions.filter((action) => !/Identity|AssumeRole/.test(action)),
  };
}

const failureOf = async (sent: Promise<unknown>) =>
  await sent.then(
    () => undefined,
    (error: unknown) => error,
  );

test('one client for each region serves all calls, and reads until AWS answers', async () => {
  const answers = [http(503, '<Response><Errors/></Response>'), http(503, '<Response><Errors/></Response>'), LISTED];
  const { aws, asked } = await answering(() => answers.shift() ?? LISTED);
  await (await aws.readers()).of(MACHINES).list();
  expect(asked()).toHaveLength(3);
  await (await aws.readers()).of(MACHINES).list();
  await (await aws.readers('us-east-1')).of(MACHINES).list();
  expect(made).toEqual(['eu-west-1', 'us-east-1']);
});

test('what planning sends and what changes goes out once, by whatever the environment says', async () => {
  const { aws, asked } = await answering(() => undefined);
  expect(await failureOf((await aws.planners()).of(MACHINES).list())).toBeDefined();
  const error = await failureOf((await aws.writers()).of(MACHINES).end());
  expect(wasRefused(error)).toBe(false);
  expect(asked()).toEqual(['DescribeInstances', 'TerminateInstances']);
});

test('what a service wants of its client takes back none of what holds for all', async () => {
  const wanting = {
    name: 'machines',
    readers: () => ({}),
    writers: ({ client }: Session) => ({
      end: async () =>
        await client(MachinesClient, { settings: { maxAttempts: 5, region: 'us-east-1' } }).send(
          new TerminateInstancesCommand({ InstanceIds: ['i-1'] }),
        ),
    }),
  } satisfies Service<object, object, object>;
  const { aws, asked } = await answering(() => undefined);
  expect(await failureOf((await aws.writers()).of(wanting).end())).toBeDefined();
  expect(asked()).toEqual(['TerminateInstances']);
  expect(made).toEqual(['eu-west-1']);
});

test('what a service keeps is shared by the calls of one region and role', async () => {
  const { aws } = await answering(() => LISTED);
  const notes = () => ({ read: 0 });
  const KEEPING = {
    name: 'keeping',
    readers: ({ kept }: Session) => kept(notes),
    writers: ({ kept }: Session) => kept(notes),
  } satisfies Service<object, object, object>;
  (await aws.readers()).of(KEEPING).read += 1;
  expect((await aws.readers()).of(KEEPING)).toEqual({ read: 1 });
  expect((await aws.readers('us-east-1')).of(KEEPING)).toEqual({ read: 0 });
  expect((await aws.writers()).of(KEEPING)).toEqual({ read: 0 });
});

test('reads are signed as the reader, changes as the execution role', async () => {
  const keys: string[] = [];
  const { aws } = await answering((_, key) => {
    keys.push(key);
    return key === 'ROLE' ? http(200, '<TerminateInstancesResponse></TerminateInstancesResponse>') : LISTED;
  });
  await (await aws.readers()).of(MACHINES).list();
  await (await aws.writers()).of(MACHINES).end();
  expect(keys).toEqual(['OWN', 'ROLE']);
});

test("an answer that isn't AWS's is none, and what became of the change is unclear", async () => {
  const { aws, asked } = await answering(() => PAGE);
  const error = await failureOf((await aws.writers()).of(MACHINES).end());
  expect(error).toMatchObject({ code: 'aws_unreachable', message: expect.stringContaining('not AWS') });
  expect(wasRefused(error)).toBe(false);
  expect(asked()).toEqual(['TerminateInstances']);
});

test('an answer that does not end is given up', async () => {
  const { aws } = await answering(() => stalled(LISTED), 3_000);
  const error = await failureOf((await aws.readers()).of(MACHINES).list());
  expect(error).toMatchObject({ code: 'aws_unreachable' });
  await server?.deserted();
});

test('nothing is sent for a call that is over, nor is its answer waited for', async () => {
  const { aws, asked } = await answering(() => stalled(LISTED));
  const over = new AbortController();
  const machines = (await aws.readers(undefined, over.signal)).of(MACHINES);
  const waits = failureOf(machines.list());
  await server?.arrived(2);
  over.abort();
  expect(await waits).toMatchObject({ code: 'aws_unreachable' });
  const late = await failureOf(machines.list());
  expect(wasRefused(late)).toBe(true);
  expect(asked()).toHaveLength(1);
});
