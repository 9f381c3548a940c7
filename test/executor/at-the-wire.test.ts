import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAws } from '../../src/aws/index.ts';
import type { Attendance } from '../../src/executor/attendance.ts';
import { execute } from '../../src/executor/execute.ts';
import type { Claim, StoredTicket } from '../../src/store/port.ts';
import type { ChangeTool } from '../../tools/define.ts';
import { freeSlots, type RecheckScene, recheckScene } from '../scenes/executor.ts';

/*
 * A ticket is begun when its request is signed and its bytes are about to leave: what ends before that costs it
 * nothing, and after it nothing is sent a second time.
 */

let scene: RecheckScene;
let ticket: StoredTicket;
let claim: Claim;
beforeEach(async () => {
  scene = await recheckScene({ volumes: [{}] });
  const [volume_id = ''] = await scene.volumes();
  ticket = await scene.approved('ec2_delete_volume', { volume_id });
  claim = await scene.claimed(ticket);
});
afterEach(async () => await scene[Symbol.asyncDispose]());

const run = async (attendance: Partial<Attendance> = {}, context: Partial<RecheckScene['context']> = {}) =>
  await execute(
    {
      claim,
      holds: () => true,
      keptBy: async (work) => await work(),
      pause: async () => undefined,
      stopping: new AbortController().signal,
      lookMs: 10_000,
      slots: freeSlots(),
      ...attendance,
    },
    { ...scene.context, ...context },
    async () => {},
  );

const deletions = async () => (await scene.cloud.requests('DeleteVolume')).length;
const state = async () => (await scene.read(ticket)).state;

/** The store as it is, and something that happens at the moment of `begin`. */
function whenBegun(happens: (begin: () => Promise<void>) => Promise<void>): Partial<RecheckScene['context']> {
  const { store } = scene.context;
  return { store: { ...store, begin: async (...begun) => await happens(async () => await store.begin(...begun)) } };
}

test('it is begun after everything else that could fail, and the wire is still untouched', async () => {
  const seen: (string | number)[] = [];
  await run(
    {},
    whenBegun(async (begin) => {
      seen.push(await state(), await deletions(), scene.context.executed.has(ticket.id) ? 'noted' : 'not noted');
      await begin();
      seen.push(await state(), await deletions());
    }),
  );
  expect(seen).toEqual(['approved', 0, 'not noted', 'executing', 0]);
  expect([await state(), await deletions()]).toEqual(['succeeded', 1]);
});

test('a claim that is lost before anything is sent leaves the approval to the next executor', async () => {
  const lost = run(
    {},
    whenBegun(async (begin) => {
      await scene.context.store.release(claim);
      claim = await scene.claimed(ticket);
      await begin();
    }),
  );
  await expect(lost).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('claim on it was lost'),
  });
  expect([await state(), await deletions(), scene.context.executed.has(ticket.id)]).toEqual(['approved', 0, false]);
  await run();
  expect([await state(), await deletions()]).toEqual(['succeeded', 1]);
});

test('an executor that is stopped before anything is sent leaves it approved', async () => {
  const stopping = new AbortController();
  const aws = { ...scene.aws };
  aws.sender = async (...where) => {
    const ports = await scene.aws.sender(...where);
    stopping.abort();
    return ports;
  };
  await expect(run({ stopping: stopping.signal }, { awsOf: async () => aws })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect([await state(), await deletions()]).toEqual(['approved', 0]);
});

test('a decision that comes while the request is being signed wins', async () => {
  const denied = run(
    {},
    whenBegun(async (begin) => {
      await scene.decided(scene.mara, ticket, 'withdraw');
      await begin();
    }),
  );
  await expect(denied).rejects.toMatchObject({ code: 'conflict' });
  expect([await state(), await deletions()]).toEqual(['approved', 0]);
});

test('a claim that may have lapsed while the request was being made spends nothing', async () => {
  await expect(run({ holds: () => false })).rejects.toMatchObject({ code: 'conflict' });
  expect([await state(), await deletions(), scene.context.executed.has(ticket.id)]).toEqual(['approved', 0, false]);
});

test('a process that wakes up past its claim, between its intent and the wire, sends nothing and says so', async () => {
  let begun = false;
  await run(
    { holds: () => !begun },
    whenBegun(async (begin) => {
      await begin();
      begun = true;
    }),
  );
  expect(await deletions()).toBe(0);
  expect(await scene.read(ticket)).toMatchObject({
    state: 'failed',
    result: { detail: 'the executor lost its claim before it sent anything' },
  });
});

/** The tool, and what it does instead of sending its one request. */
const otherwise = (sends: ChangeTool['execute']): Partial<RecheckScene['context']> => ({
  toolOf: (name) => {
    const known = scene.context.toolOf(name)!;
    return { ...known, tool: { ...known.tool, execute: sends } };
  },
});

test('a request that has no time left is not begun', async () => {
  const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'testing' };
  const aws = createAws({ endpoint: scene.cloud.endpoint, region: 'eu-west-1', credentials, limitMs: 0 });
  const late = run({}, { awsOf: async () => ({ ...scene.aws, sender: aws.sender }) });
  await expect(late).rejects.toMatchObject({ code: 'aws_unreachable' });
  expect(await deletions()).toBe(0);
  expect(await state()).toBe('approved');
});

test('one intent lets one request through, also of a tool that sends two', async () => {
  const [volume_id = ''] = await scene.volumes();
  await run(
    {},
    otherwise(async (_plan, { ec2 }) => {
      await ec2.deleteVolume(volume_id);
      await ec2.deleteVolume(volume_id);
    }),
  );
  expect(await deletions()).toBe(1);
  expect(await state()).toBe('unknown');
});

test('a tool that fails before it sends anything leaves the ticket approved', async () => {
  const failing = run(
    {},
    otherwise(async (_plan, { ec2 }) => await ec2.deleteVolume('not an id')),
  );
  await expect(failing).rejects.toMatchObject({ code: 'internal' });
  expect([await state(), await deletions()]).toEqual(['approved', 0]);
});

test('a tool that says yes and sent nothing by its ports may have sent it by others: begun, and not sent again', async () => {
  await run(
    // The store's clock goes on while it waits for a trace.
    {
      pause: async (ms) => {
        scene.now += ms;
      },
    },
    otherwise(async () => undefined),
  );
  expect([await state(), scene.context.executed.has(ticket.id)]).toEqual(['unknown', true]);
});

test("a request's token can't be told from the ticket", async () => {
  await run();
  const { intent } = await scene.read(ticket);
  expect(intent?.token).toMatch(/^holdshort-[0-9a-z]{20}$/);
  expect(intent?.token).not.toContain(ticket.id.slice(4));
});

/** Its requests are signed with that date, for all that is told of it. */
function signed(as: (date: string | undefined) => string | undefined): Partial<RecheckScene['context']> {
  const sender: typeof scene.aws.sender = async (...where) => {
    const made = await scene.aws.sender(...where);
    return { ...made, ports: (first) => made.ports(async (date) => await first(as(date))) };
  };
  return { awsOf: async () => ({ ...scene.aws, sender }) };
}

test('the intent has the date of its signature, by which AWS judges it, and is noted with that beside the keys', async () => {
  const ahead = '2030-01-02T03:04:05.000Z';
  await run(
    {},
    signed((date) => (date === undefined ? undefined : ahead)),
  );
  const { intent, state: became } = await scene.read(ticket);
  expect([intent?.signed_at, became]).toEqual([ahead, 'succeeded']);
  expect(scene.context.executed.hasAs(ticket.id, intent!)).toBe(true);
  expect(scene.context.executed.hasAs(ticket.id, { ...intent!, signed_at: undefined })).toBe(false);
});

test('what has no date in its signature is not sent: nobody could tell until when AWS takes it', async () => {
  await expect(
    run(
      {},
      signed(() => undefined),
    ),
  ).rejects.toMatchObject({ code: 'internal' });
  expect([await state(), await deletions(), scene.context.executed.has(ticket.id)]).toEqual(['approved', 0, false]);
});
