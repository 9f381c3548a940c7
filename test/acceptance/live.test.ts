import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';

/* `npm run live` is for real AWS. Here it plays against the embedded cloud, so that it works when somebody needs it. */

let cloud: Cloud;

beforeAll(async () => {
  cloud = await startCloud({}, { latencyMs: 0 });
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

function live(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const env = {
    ...{ PATH: process.env.PATH, HOME: process.env.HOME, AWS_ENDPOINT_URL: cloud.endpoint },
    ...{ AWS_ACCESS_KEY_ID: 'AKIDTEST', AWS_SECRET_ACCESS_KEY: 'testing', AWS_EC2_METADATA_DISABLED: 'true' },
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ['test/live/run.ts', ...args], { env }, (error, said) =>
      resolve({ code: error ? Number(error.code) : 0, said }),
    );
  });
}

test('without an account, a yes, or credentials of that account nothing is done', async () => {
  expect(await live()).toMatchObject({ code: 2, said: expect.stringContaining('Nothing was done') });
  expect(await live('--account', '123456789012')).toMatchObject({ code: 2 });
  const other = await live('--account', '210987654321', '--yes');
  expect(other).toMatchObject({ code: 2, said: expect.stringContaining('not of 210987654321') });
  expect(await cloud.requests('CreateChangeSet')).toEqual([]);
});

test('it plays the main job to its end, in sessions of the execution role, and leaves nothing', async () => {
  const role = 'arn:aws:iam::123456789012:role/execute';
  const { code, said } = await live('--account', '123456789012', '--execution-role', role, '--yes');
  expect(said).toContain('ok  each was sent in a session of its own');
  expect(said).toContain('Every step came out as expected, and nothing is left.');
  expect(code).toBe(0);
  expect(await cloud.requests('DeleteStack')).toHaveLength(2);
});
