import { afterEach, expect, test, vi } from 'vitest';
import { createAws } from '../../src/aws/index.ts';
import { wasRefused } from '../../src/aws/request/errors.ts';
import { type Endpoint, http, identity, type Stalled, stalled, startEndpoint } from '../scenes/endpoints.ts';

const OWN = { accessKeyId: 'testing', secretAccessKey: 'testing' };
const ID = 'i-00000000000000001';
const CHANGED = http(
  200,
  '<TerminateInstancesResponse><instancesSet><item></item></instancesSet></TerminateInstancesResponse>',
);
const LISTED = http(200, '<DescribeInstancesResponse><reservationSet></reservationSet></DescribeInstancesResponse>');

/** Whatever it may do: there is no role here. */
const NO_SESSION = { name: 'test', grant: { policy: '{}', source_identity: 'test', tags: {}, seconds: 900 } };

/** Long enough for the SDK to be loaded on a busy machine, which the first request's time includes. */
const LIMIT_MS = 3_000;

let server: Endpoint | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await server?.close();
});

async function answering(answer: (action: string) => string | Stalled | undefined, limitMs?: number) {
  server = await startEndpoint(answer);
  return { server, aws: createAws({ endpoint: server.endpoint, region: 'eu-west-1', credentials: OWN, limitMs }) };
}

test('an answer whose body stalls is no answer, and the connection is given up', async () => {
  const { aws, server } = await answering(
    (action) => (action === 'GetCallerIdentity' ? identity() : stalled(LISTED)),
    LIMIT_MS,
  );
  const { ec2 } = await aws.readers();
  await expect(ec2.instances({ filters: [], limit: 10 })).rejects.toMatchObject({ code: 'aws_unreachable' });
  await server.deserted();
});

test('a change whose answer stalls went out once, and what became of it is unclear', async () => {
  const { aws, server } = await answering(() => stalled(CHANGED), LIMIT_MS);
  const { ec2 } = await aws.writers();
  const error = await ec2.terminateInstances([ID]).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'aws_unreachable' });
  expect(wasRefused(error)).toBe(false);
  await server.deserted();
  expect(server.actions).toEqual(['TerminateInstances']);
});

test('all attempts of a read share one time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { aws, server } = await answering((action) =>
    action === 'GetCallerIdentity' ? identity() : { stalled: 'HTTP/1.1' },
  );
  const { ec2 } = await aws.readers();
  const asked = expect(ec2.instances({ filters: [], limit: 10 })).rejects.toMatchObject({ code: 'aws_unreachable' });
  await server.arrived(2);
  await vi.advanceTimersByTimeAsync(30_000);
  await asked;
  expect(server.actions.filter((action) => action === 'DescribeInstances')).toHaveLength(1);
});

test('what has to be done first takes as long as it takes, and what is begun by then is sent', async () => {
  const { aws, server } = await answering((action) => (action === 'GetCallerIdentity' ? identity() : CHANGED));
  const { ports } = await aws.sender('eu-west-1', NO_SESSION);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { ec2 } = ports(async () => void (await vi.advanceTimersByTimeAsync(31_000)));
  await ec2.terminateInstances([ID]);
  expect(server.actions).toEqual(['TerminateInstances']);
});

test('what has to be done first is told the date in the signature', async () => {
  const dates: (string | undefined)[] = [];
  server = await startEndpoint((action, _key, date) => {
    if (action !== 'GetCallerIdentity') dates.push(date);
    return action === 'GetCallerIdentity' ? identity() : CHANGED;
  });
  const aws = createAws({ endpoint: server.endpoint, region: 'eu-west-1', credentials: OWN });
  const { ports } = await aws.sender('eu-west-1', NO_SESSION);
  const { ec2 } = ports(async (signedAt) => void dates.push(signedAt));
  await ec2.terminateInstances([ID]);
  const [told = '', sent] = dates;
  expect(new Date(told).toISOString()).toBe(told);
  expect(told.replaceAll(/[-:]|\.000/g, '')).toBe(sent);
});

test('after that AWS has the rest of the time that it had', async () => {
  const { aws, server } = await answering((action) => (action === 'GetCallerIdentity' ? identity() : stalled(CHANGED)));
  const { ports } = await aws.sender('eu-west-1', NO_SESSION);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { ec2 } = ports(async () => void (await vi.advanceTimersByTimeAsync(31_000)));
  const sent = ec2.terminateInstances([ID]).catch((error: unknown) => error);
  await server.arrived(1);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(wasRefused(await sent)).toBe(false);
  expect(server.actions).toEqual(['TerminateInstances']);
});

test('who we are is known within ten seconds or not at all', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { aws, server } = await answering(() => ({ stalled: '' }));
  const asked = expect(aws.readers()).rejects.toMatchObject({ code: 'aws_unreachable' });
  await server.arrived(1);
  await vi.advanceTimersByTimeAsync(10_000);
  await asked;
});
