import { afterEach, describe, expect, test } from 'vitest';
import { type Endpoint, errorXml, http, identity, startEndpoint } from '../scenes/endpoints.ts';
import { testAws } from '../scenes/tools.ts';

let server: Endpoint | undefined;
afterEach(async () => await server?.close());

async function asking(answer: string): Promise<Error & { code: string }> {
  server = await startEndpoint((action) => (action === 'GetCallerIdentity' ? identity() : answer));
  const { cloudformation } = await testAws(server.endpoint).readers();
  return await cloudformation.stack('s').then(
    (found) => Promise.reject(new Error(`answered ${JSON.stringify(found)}`)),
    (error: Error & { code: string }) => error,
  );
}

test('an HTML page is named as what it is, with its status and beginning', async () => {
  const error = await asking(
    http(200, `<html><title>Sign in\u001b[31m</title>${'x'.repeat(5000)}</html>`, 'text/html'),
  );
  expect(error.code).toBe('aws_unreachable');
  expect(error.message).toContain('answered 200 with something that is not AWS');
  expect(error.message).toContain('<html><title>Sign in\u001b[31m');
  expect(error.message.length).toBeLessThan(400);
  // Nothing was wrong with the connection: a page like this isn't asked for again.
  expect(server?.actions.filter((action) => action === 'DescribeStacks')).toHaveLength(1);
});

test('what AWS says is bounded and without credentials', async () => {
  const long = `AKIAIOSFODNN7EXAMPLE says \u202eno ${'x'.repeat(5000)}`;
  const error = await asking(http(400, errorXml('ValidationError', long)));
  expect(error.code).toBe('aws_rejected');
  expect(error.message).not.toContain('AKIAIOSFODNN7EXAMPLE');
  expect(error.message).toContain('AKIA[hidden:secret]');
  expect(error.message).toContain('more characters; sha256');
  expect(error.message.length).toBeLessThan(700);
});

test('a well-formed answer without what was asked for is not taken for an empty one', async () => {
  const error = await asking(http(200, '<DescribeStacksResponse></DescribeStacksResponse>'));
  expect(error.code).toBe('aws_unreachable');
});

test.each(['AccessDenied', 'ExpiredToken', 'InvalidClientTokenId', 'UnauthorizedOperation'])(
  '%s is a denial',
  async (code) => {
    expect((await asking(http(403, errorXml(code, 'no')))).code).toBe('aws_denied');
  },
);

test.each(['Throttling', 'ThrottlingException', 'RequestLimitExceeded'])(
  '%s passes by itself: it is no rejection, and is asked again before it is told',
  async (code) => {
    expect((await asking(http(400, errorXml(code, 'Rate exceeded')))).code).toBe('aws_unreachable');
    expect(server?.actions.filter((action) => action === 'DescribeStacks')).toHaveLength(3);
  },
);

test('a quota that is used up does not pass by itself', async () => {
  expect((await asking(http(400, errorXml('LimitExceededException', 'no more stacks')))).code).toBe('aws_rejected');
});

describe('a stack whose template can not be had', () => {
  const STACK = http(
    200,
    '<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackId>arn:aws:cloudformation:eu-west-1:123456789012:stack/s/0b1c</StackId><StackName>s</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Parameters><member><ParameterKey>Size</ParameterKey><ParameterValue>large</ParameterValue></member></Parameters></member></Stacks></DescribeStacksResult></DescribeStacksResponse>',
  );
  const described = async (template: string) => {
    server = await startEndpoint((action) => {
      if (action === 'GetCallerIdentity') return identity();
      return action === 'GetTemplate' ? template : STACK;
    });
    const { cloudformation } = await testAws(server.endpoint).readers();
    return await cloudformation.stack('s');
  };

  test('for now is not described: with everything masked it would look changed', async () => {
    await expect(described(http(400, errorXml('Throttling', 'Rate exceeded')))).rejects.toMatchObject({
      code: 'aws_unreachable',
    });
  });

  test('at all is described with everything masked', async () => {
    const stack = await described(http(403, errorXml('AccessDenied', 'not you')));
    expect(stack?.parameters).toEqual([{ key: 'Size', value: expect.stringMatching(/^\[hidden:Size#/) }]);
  });
});

test('a missing stack is no error', async () => {
  server = await startEndpoint((action) =>
    action === 'GetCallerIdentity'
      ? identity()
      : http(400, errorXml('ValidationError', 'Stack with id s does not exist')),
  );
  const { cloudformation } = await testAws(server.endpoint).readers();
  expect(await cloudformation.stack('s')).toBeUndefined();
});

test('reads are tried again when the connection drops', async () => {
  let drops = 1;
  server = await startEndpoint((action) => {
    if (action === 'GetCallerIdentity') return identity();
    if (drops-- > 0) return undefined;
    return http(400, errorXml('ValidationError', 'Stack with id s does not exist'));
  });
  const { cloudformation } = await testAws(server.endpoint).readers();
  expect(await cloudformation.stack('s')).toBeUndefined();
  expect(server.actions.filter((action) => action === 'DescribeStacks')).toHaveLength(2);
});
