import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAws } from '../../src/aws/index.ts';
import type { Attendance } from '../../src/executor/attendance.ts';
import { settle } from '../../src/executor/execute.ts';
import { believed } from '../../src/gate/believed.ts';
import type { Claim, StoredTicket } from '../../src/store/port.ts';
import { type Endpoint, http, identity, type Stalled, stalled, startEndpoint } from '../scenes/endpoints.ts';
import { freeSlots, type RecheckScene, recheckScene } from '../scenes/executor.ts';

/*
 * AWS that begins to answer a look and never ends: whatever a request alone may take is set so high here that it ends
 * nothing.
 */

const NEVER_MS = 60 * 60_000;
const GONE = http(200, '<DescribeVolumesResponse><volumeSet></volumeSet></DescribeVolumesResponse>');

let scene: RecheckScene;
let server: Endpoint | undefined;
let ticket: StoredTicket;
let claim: Claim;
beforeEach(async () => {
  scene = await recheckScene({ volumes: [{}] });
  const [volume_id = ''] = await scene.volumes();
  ticket = await scene.approved('ec2_delete_volume', { volume_id });
  claim = await scene.begun(ticket);
  scene.context.executed.accept(ticket.id);
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await scene[Symbol.asyncDispose]();
});

async function look(answer: (look: number) => string | Stalled, attendance: Partial<Attendance> = {}): Promise<void> {
  let looks = 0;
  server = await startEndpoint((action) => (action === 'GetCallerIdentity' ? identity() : answer(++looks)));
  const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'testing' };
  const aws = createAws({ endpoint: server.endpoint, region: 'eu-west-1', credentials, limitMs: NEVER_MS });
  const stored = believed(await scene.read(ticket));
  const { tool } = scene.context.toolOf('ec2_delete_volume')!;
  await settle(
    {
      claim,
      holds: () => true,
      keptBy: async (work) => await work(),
      pause: async () => undefined,
      stopping: new AbortController().signal,
      lookMs: NEVER_MS,
      slots: freeSlots(),
      ...attendance,
    },
    { ...scene.context, awsOf: async () => aws },
    { ...stored, intent: stored.intent! },
    tool,
  );
}

test('C20: a look that gets no whole answer in its time is over, and the next one tells', async () => {
  await look((number) => (number === 1 ? stalled(GONE) : GONE), { lookMs: 100 });
  expect((await scene.read(ticket)).state).toBe('succeeded');
});

test('C20: an executor that is to stop does not wait for an answer that never comes; the ticket stays as it is', async () => {
  const stopping = new AbortController();
  const looked = look(
    () => {
      setImmediate(() => stopping.abort());
      return stalled(GONE);
    },
    { stopping: stopping.signal },
  );
  await looked;
  expect((await scene.read(ticket)).state).toBe('executing');
});

test('C20: a ticket that is unknown already takes one look from those that wait, where AWS can not be seen', async () => {
  await scene.context.store.finish(claim, 'unknown', { detail: 'no answer', resources: [] }, undefined);
  await look(() => stalled(GONE), { lookMs: 1_000 });
  expect((await scene.read(ticket)).state).toBe('unknown');
  expect(server?.actions.filter((action) => action === 'DescribeVolumes')).toHaveLength(1);
});
