import { afterEach, describe, expect, test } from 'vitest';
import { wasRefused } from '../../src/aws/request/errors.ts';
import type { Planners, Writers } from '../../tools/define.ts';
import { type Endpoint, ec2ErrorXml, errorXml, http, startEndpoint } from '../scenes/endpoints.ts';
import { testAws } from '../scenes/tools.ts';

const STACK = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/s/0b1c';
const CHANGE_SET = 'arn:aws:cloudformation:eu-west-1:123456789012:changeSet/c/0b1c';
const ID = 'i-00000000000000001';

const WRITES: Record<string, (writers: Writers & { planner: Planners }) => Promise<unknown>> = {
  ExecuteChangeSet: ({ cloudformation }) =>
    cloudformation.executeChangeSet({ change_set_arn: CHANGE_SET, stack_id: STACK, token: 't' }),
  DeleteStack: ({ cloudformation }) => cloudformation.deleteStack({ stack_id: STACK, token: 't' }),
  DeleteChangeSet: ({ cloudformation }) =>
    cloudformation.deleteChangeSet({ change_set_name: CHANGE_SET, stack_id: STACK }),
  UpdateTerminationProtection: ({ cloudformation }) =>
    cloudformation.updateTerminationProtection({ stack_id: STACK, enabled: false }),
  SetStackPolicy: ({ cloudformation }) => cloudformation.setStackPolicy({ stack_id: STACK, body: '{}' }),
  CancelUpdateStack: ({ cloudformation }) => cloudformation.cancelUpdateStack({ stack_id: STACK, token: 't' }),
  ContinueUpdateRollback: ({ cloudformation }) =>
    cloudformation.continueUpdateRollback({ stack_id: STACK, resources_to_skip: ['A'], token: 't' }),
  RollbackStack: ({ cloudformation }) => cloudformation.rollbackStack({ stack_id: STACK, token: 't' }),
  StartInstances: ({ ec2 }) => ec2.startInstances([ID]),
  StopInstances: ({ ec2 }) => ec2.stopInstances({ ids: [ID], force: false, hibernate: false }),
  TerminateInstances: ({ ec2 }) => ec2.terminateInstances([ID]),
  CreateChangeSet: ({ planner }) =>
    planner.cloudformation.createChangeSet({
      stack_name: 's',
      change_set_name: 'c',
      type: 'UPDATE',
      client_token: 't',
      parameters: [],
      capabilities: [],
      description: 'd',
    }),
};

let server: Endpoint | undefined;
afterEach(async () => {
  await server?.close();
  delete process.env.AWS_MAX_ATTEMPTS;
  delete process.env.AWS_RETRY_MODE;
});

async function failing(action: string, answer: string | undefined): Promise<unknown> {
  server = await startEndpoint(() => answer);
  const aws = testAws(server.endpoint);
  const [writers, planner] = [await aws.writers(), await aws.planners()];
  return await WRITES[action]?.({ ...writers, planner }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe.each(Object.keys(WRITES))('%s', (action) => {
  test('goes out once when the connection drops, and what became of it is unclear', async () => {
    // What an operator may have set for other tools mustn't bring the second attempt back.
    process.env.AWS_MAX_ATTEMPTS = '5';
    process.env.AWS_RETRY_MODE = 'adaptive';
    const error = await failing(action, undefined);
    expect(server?.actions).toEqual([action]);
    expect(error).toMatchObject({ code: 'aws_unreachable' });
    expect(wasRefused(error)).toBe(false);
  });

  test.each([
    ['a server error', http(500, errorXml('InternalFailure', 'oops'))],
    ['a service that is out of reach', http(503, errorXml('ServiceUnavailable', 'later'))],
    ['an HTML page with status 200', http(200, '<html><body>Sign in</body></html>', 'text/html')],
    ['an HTML page with status 403', http(403, '<!doctype html><p>blocked by proxy</p>', 'text/html')],
    ['an answer that is cut off', http(200, `<${action}Response><`)],
    ['an error without a code', http(400, '<Response>')],
  ])('goes out once on %s, and what became of it is unclear', async (_, answer) => {
    const error = await failing(action, answer);
    expect(server?.actions).toEqual([action]);
    expect(error).toMatchObject({ code: 'aws_unreachable' });
    expect(wasRefused(error)).toBe(false);
  });

  test("AWS's own no is certain", async () => {
    const xml = action.endsWith('Instances') ? ec2ErrorXml : errorXml;
    const denied = await failing(action, http(403, xml('AccessDenied', 'not you')));
    expect(denied).toMatchObject({ code: 'aws_denied', awsCode: 'AccessDenied' });
    expect(wasRefused(denied)).toBe(true);
    await server?.close();
    for (const [status, awsCode] of [
      [400, 'Throttling'],
      [503, 'RequestLimitExceeded'],
    ] as const) {
      const throttled = await failing(action, http(status, xml(awsCode, 'Rate exceeded')));
      expect(throttled).toMatchObject({ code: 'aws_unreachable', awsCode });
      expect(wasRefused(throttled)).toBe(true);
      expect(server?.actions).toEqual([action]);
      await server?.close();
    }
    const rejected = await failing(action, http(400, xml('ValidationError', 'not so')));
    expect(rejected).toMatchObject({ code: 'aws_rejected', awsCode: 'ValidationError' });
    expect(wasRefused(rejected)).toBe(true);
  });
});

test('where nobody listens nothing was sent', async () => {
  server = await startEndpoint(() => undefined);
  const { endpoint } = server;
  await server.close();
  const { ec2 } = await testAws(endpoint).writers();
  const error = await ec2.terminateInstances([ID]).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'aws_unreachable' });
  expect(wasRefused(error)).toBe(true);
});

test('what names nothing, or only a name, is not sent at all', async () => {
  server = await startEndpoint(() => undefined);
  const { cloudformation, ec2 } = await testAws(server.endpoint).writers();
  await expect(cloudformation.deleteStack({ stack_id: '', token: 't' })).rejects.toMatchObject({ code: 'internal' });
  await expect(cloudformation.deleteStack({ stack_id: 'prod', token: 't' })).rejects.toMatchObject({
    code: 'internal',
  });
  for (const stack_id of ['', 'prod']) {
    const token = 't';
    const named = [
      cloudformation.updateTerminationProtection({ stack_id, enabled: false }),
      cloudformation.setStackPolicy({ stack_id, body: '{}' }),
      cloudformation.cancelUpdateStack({ stack_id, token }),
      cloudformation.continueUpdateRollback({ stack_id, resources_to_skip: [], token }),
      cloudformation.rollbackStack({ stack_id, token }),
    ];
    for (const sent of named) await expect(sent).rejects.toMatchObject({ code: 'internal' });
  }
  await expect(ec2.terminateInstances([])).rejects.toMatchObject({ code: 'internal' });
  expect(server.actions).toEqual([]);
});
