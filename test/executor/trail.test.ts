import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTagsCommand, DeleteVolumeCommand, DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAws } from '../../src/aws/index.ts';
import { executedTickets } from '../../src/commands/executed.ts';
import { proven } from '../../src/executor/proven.ts';
import { until } from '../scenes/front-door.ts';
import { entriesOf, NOTHING_HELD, type Scene, setScene, verified } from '../scenes/whole.ts';

/*
 * Nobody saw AWS's answer, and what is there now could be anyone's doing. With an execution role each request has a
 * session of its own, and CloudTrail says of it whether AWS did what was asked.
 */

const ROLE = 'arn:aws:iam::123456789012:role/execute';
const CONFIG = `${NOTHING_HELD}aws: { execution_role_arn: "${ROLE}" }\n`;

let scene: Scene;
let volumes: string[] = [];
let volume_id = '';
beforeAll(async () => {
  const seed = { volumes: Array.from({ length: 8 }, () => ({})) };
  scene = await setScene(seed, { config: CONFIG, latencyMs: 0 });
  const { Volumes = [] } = await scene.ec2.send(new DescribeVolumesCommand({}));
  volumes = Volumes.map(({ VolumeId = '' }) => VolumeId);
  await scene.executing();
});
afterAll(async () => await scene[Symbol.asyncDispose]());
beforeEach(() => {
  volume_id = volumes.pop() ?? '';
});

type Faults = Parameters<Scene['cloud']['fault']>[0][];

/** A deletion of which nobody saw what AWS answered. @returns its ticket, `unknown` by now */
async function unanswered(...faults: Faults): Promise<string> {
  for (const fault of faults) await scene.cloud.fault(fault);
  const { ticket } = await scene.agent.call('ec2_delete_volume', { volume_id, reason: 'it is not used any more' });
  await until(
    () => entriesOf(scene, ticket.id, 'ticket.unknown'),
    (count) => count === 1,
  );
  return ticket.id;
}

const detailOf = async (ticket_id: string) => (await scene.agent.call('ticket_get', { ticket_id })).result.detail;

/** The trail was asked once more, from now on. */
async function askedAgain(): Promise<void> {
  const { length } = await scene.cloud.requests('LookupEvents');
  // The one that is under way now may have been answered before.
  await scene.cloud.arrived('LookupEvents', length + 2);
}

test('a request that AWS carried out is done by its word, also where the answer was lost', async () => {
  const id = await unanswered({ action: 'DeleteVolume', mode: 'drop_after' });
  expect(
    await until(
      () => scene.state(id),
      (state) => state !== 'unknown',
    ),
  ).toBe('succeeded');
  expect(await detailOf(id)).toMatch(/^AWS accepted the request \(CloudTrail's event [-0-9a-f]{36} of [-0-9T:]+Z\); /);
  expect((await scene.cloud.requests('DeleteVolume')).length).toBe(1);
  await verified(scene);
});

test('as long as the trail can not be asked nothing is known, and then it is', async () => {
  const id = await unanswered(
    { action: 'LookupEvents', mode: 'error_before', code: 'AccessDeniedException', status: 400, times: 2 },
    { action: 'DeleteVolume', mode: 'half_answer' },
  );
  await scene.cloud.arrived('LookupEvents', (await scene.cloud.requests('LookupEvents')).length + 1);
  expect(
    await until(
      () => scene.state(id),
      (state) => state !== 'unknown',
    ),
  ).toBe('succeeded');
});

test('one that never arrived stays unknown, also where someone else does the same later', async () => {
  const id = await unanswered({ action: 'DeleteVolume', mode: 'drop_before' });
  await scene.ec2.send(new DeleteVolumeCommand({ VolumeId: volume_id }));
  await askedAgain();
  expect(scene.state(id)).toBe('unknown');
  expect(await detailOf(id)).toContain('by whom can not be told');
});

test('only an event without an error, of this action, by the session of this very ticket counts', async () => {
  const settings = { endpoint: scene.cloud.endpoint, region: 'eu-west-1' };
  const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'testing' };
  const sts = new STSClient({ ...settings, credentials });
  const assume = { RoleArn: ROLE, RoleSessionName: 'one', SourceIdentity: 'tkt_of_this' };
  const { Credentials } = await sts.send(new AssumeRoleCommand(assume));
  const { AccessKeyId: access_key = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const theirs = { accessKeyId: access_key, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const ec2 = new EC2Client({ ...settings, credentials: theirs });
  const aws = createAws({ ...settings, credentials });
  const request = {
    access_key,
    source_identity: 'tkt_of_this',
    action: 'ec2:DeleteVolume',
    since: new Date(Date.now() - 60_000).toISOString(),
  };
  const told = async (changes: Partial<typeof request> = {}, region = 'eu-west-1') =>
    await aws.accepted(region, { ...request, ...changes }, AbortSignal.timeout(10_000));

  expect(await told()).toBeUndefined();
  await expect(ec2.send(new DeleteVolumeCommand({ VolumeId: 'vol-0123456789abcdef0' }))).rejects.toThrow();
  expect(await told()).toBeUndefined();
  await ec2.send(new DeleteVolumeCommand({ VolumeId: volume_id }));
  expect(await told()).toEqual({ event: expect.any(String), at: expect.any(String) });
  for (const other of [
    { access_key: 'ASIAOTHER' },
    { source_identity: 'tkt_of_another' },
    { action: 'ec2:DeleteSnapshot' },
    { action: 'cloudformation:DeleteVolume' },
    { since: new Date(Date.now() + 60_000).toISOString() },
  ])
    expect(await told(other), JSON.stringify(other)).toBeUndefined();
  expect(await told({}, 'eu-west-2')).toBeUndefined();
});

test('an event that only stands in the result of the ticket is told, and settles nothing', async () => {
  const keys = mkdtempSync(join(tmpdir(), 'holdshort-trail-'));
  const executed = executedTickets(keys);
  const never = () => Promise.reject(new Error('CloudTrail was asked'));
  const context = { executed, store: { now: async () => new Date().toISOString() }, aws: { accepted: never } };
  const attempt = { token: 't', intended_at: new Date().toISOString() };
  executed.add('tkt_forged', attempt);
  const known = { event: 'made-up', at: '2026-01-02T03:04:05Z' };
  const { to, result } = await proven(
    {
      ...{ context: context as never, plan: { ticket: 'tkt_forged', region: 'eu-west-1' } as never },
      ...{ tool: { action: 'ec2:DeleteVolume' }, attempt, again: { known } },
    },
    { state: 'succeeded', evidence: 'state', detail: 'the volume is gone', resources: [] },
    { kind: 'unclear' },
    AbortSignal.timeout(10_000),
  );
  rmSync(keys, { recursive: true });
  expect([to, result.trail]).toEqual(['unknown', known]);
});

test('a mark of the request settles only a ticket of a tool that says which one it leaves', async () => {
  const keys = mkdtempSync(join(tmpdir(), 'holdshort-trail-'));
  const context = { executed: executedTickets(keys) } as never;
  const attempt = { token: 't', intended_at: new Date().toISOString() };
  const settled = async (tool: { readonly evidence?: string }) =>
    (
      await proven(
        { context, plan: { ticket: 'tkt_marked' } as never, tool: { action: 'ec2:DeleteVolume', ...tool }, attempt },
        { state: 'succeeded', evidence: 'request', detail: 'there is its tag', resources: [] },
        { kind: 'unclear' },
        AbortSignal.timeout(10_000),
      )
    ).to;
  expect([await settled({}), await settled({ evidence: 'its tag' })]).toEqual(['unknown', 'succeeded']);
  rmSync(keys, { recursive: true });
});

test('what was seen not done is not settled by the yes that comes later: someone did the rest meanwhile', async () => {
  const resources = [volume_id, volumes.at(-1)];
  const lookUp = { action: 'LookupEvents', mode: 'error_before', code: 'ThrottlingException', status: 400 } as const;
  await scene.cloud.fault({ ...lookUp, times: 2 });
  await scene.cloud.fault({ action: 'CreateTags', mode: 'part_and_error' });
  const asked = { resources, tags: { owner: 'ops' }, reason: 'the volumes get their owner' };
  const { ticket } = await scene.agent.call('ec2_create_tags', asked);
  await until(
    () => entriesOf(scene, ticket.id, 'ticket.unknown'),
    (count) => count === 1,
  );
  await scene.ec2.send(
    new CreateTagsCommand({ Resources: resources as string[], Tags: [{ Key: 'owner', Value: 'ops' }] }),
  );
  const resultOf = async () => (await scene.agent.call('ticket_get', { ticket_id: ticket.id })).result;
  const shown = await until(resultOf, ({ detail }) => detail.includes('CloudTrail'));
  expect(shown.detail).toMatch(
    /CloudTrail's event [-0-9a-f]{36} of [-0-9T:]+Z\); it is so now, but by whom can not be/,
  );
  expect(scene.state(ticket.id)).toBe('unknown');
  // What it showed once stays known, also where it can't be asked any more.
  await scene.cloud.fault({ ...lookUp, times: 50 });
  const { length } = await scene.cloud.requests('DescribeVolumes');
  await scene.cloud.arrived('DescribeVolumes', length + 2);
  expect(await resultOf()).toEqual(shown);
  expect(scene.state(ticket.id)).toBe('unknown');
});
