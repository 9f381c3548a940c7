import { CloudFormationClient, CreateChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { EC2Client, ModifyInstanceAttributeCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { Aws } from '../../src/aws/index.ts';
import { toToolResult } from '../../src/server/answers.ts';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { propose, read, testAws } from '../scenes/tools.ts';
import { answering, arn, stackXml } from './written-answers.ts';

let cloud: Cloud;
let aws: Aws;
let cloudformation: CloudFormationClient;
let ec2: EC2Client;

const QUEUE = { Type: 'AWS::SQS::Queue' };
const EXPORTER = {
  Resources: { Queue: QUEUE },
  Outputs: {
    Used: { Value: 'one', Export: { Name: 'used' } },
    Free: { Value: 'two', Export: { Name: 'free' } },
    ApiToken: { Value: 'three', Export: { Name: 'api-token' } },
  },
};
const IMPORTER = {
  Resources: { Queue: { ...QUEUE, Properties: { QueueName: { 'Fn::ImportValue': 'used' } } } },
};
const SERVER = {
  Type: 'AWS::EC2::Instance',
  Properties: { ImageId: 'ami-1', InstanceType: 't3.micro', Tags: [{ Key: 'team', Value: 'a' }] },
};
const LONG = `# the password: hunter2
Parameters:
  Secret: { Type: String, NoEcho: true, Default: "opensesame" }
  Plain: { Type: String, Default: visible }
Resources:
${Array.from({ length: 480 }, (_, at) => `  Queue${at}: { Type: AWS::SQS::Queue, Properties: { QueueName: queue-${at}-\u00e4 } }`).join('\n')}
`;

beforeAll(async () => {
  cloud = await startCloud(
    {
      stacks: [
        { name: 'exporter', template: EXPORTER },
        { name: 'importer', template: IMPORTER },
        { name: 'servers', template: { Resources: { Web: SERVER, Db: SERVER, Gone: SERVER, Queue: QUEUE } } },
        { name: 'long', template: LONG },
      ],
    },
    { latencyMs: 5 },
  );
  aws = testAws(cloud.endpoint);
  const direct = {
    endpoint: cloud.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  cloudformation = new CloudFormationClient(direct);
  ec2 = new EC2Client(direct);
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

test('events come newest first, in pages, and on demand only the failures', async () => {
  await cloud.order('refusals', { stack: 'broken', logicalId: 'Second', action: 'create', reason: 'no room' });
  const create = await propose(aws, 'cloudformation_deploy_stack', {
    stack_name: 'broken',
    template_body: JSON.stringify({ Resources: { First: QUEUE, Second: QUEUE } }),
  });
  await create.execute();
  await create.outcome();
  const all = await read(aws, 'cloudformation_describe_stack_events', { stack_name: 'broken' });
  expect(all.events.map((event: { status: string }) => event.status)[0]).toBe('ROLLBACK_COMPLETE');
  const failed = await read(aws, 'cloudformation_describe_stack_events', { stack_name: 'broken', failed_only: true });
  expect(failed.events).toMatchObject([{ logical_id: 'Second', status: 'CREATE_FAILED', status_reason: 'no room' }]);
  // A long history without a failure: nothing, and where to go on only if there is more.
  const none = await read(aws, 'cloudformation_describe_stack_events', { stack_name: 'long', failed_only: true });
  expect(none.events).toEqual([]);
  const seen = [];
  let cursor: string | undefined;
  do {
    const page = await read(aws, 'cloudformation_describe_stack_events', {
      stack_name: 'long',
      ...(cursor ? { cursor } : {}),
    });
    expect(page.events.length).toBeLessThanOrEqual(100);
    seen.push(...page.events);
    cursor = page.cursor;
  } while (cursor);
  expect(seen.length).toBeGreaterThan(1_000);
});

test('a template comes in parts that fit an answer, without its secrets', async () => {
  const lines: string[] = [];
  let offset: number | undefined;
  let parts = 0;
  do {
    const part = await read(aws, 'cloudformation_get_template', { stack_name: 'long', ...(offset ? { offset } : {}) });
    expect(JSON.stringify(toToolResult({ data: part, isError: false }).structuredContent)).not.toContain('refusal');
    lines.push(...part.lines);
    offset = part.next_offset;
    parts += 1;
  } while (offset !== undefined);
  expect(parts).toBeGreaterThan(1);
  const text = `${lines.join('\n')}\n`;
  const [inNote, inDefault] = ['"[hidden:secret]"', /\[hidden:\w+#[0-9a-f]{12}\]/.exec(text)?.[0]];
  expect(text).toBe(LONG.replace('hunter2', inNote ?? '').replace('"opensesame"', `"${inDefault}"`));
  const behind = read(aws, 'cloudformation_get_template', { stack_name: 'long', offset: 10_000_000 });
  await expect(behind).rejects.toMatchObject({ code: 'invalid_input' });
});

test('a template is judged by AWS', async () => {
  const template_body = JSON.stringify({
    Description: 'd',
    Parameters: { Secret: { Type: 'String', NoEcho: true, Default: 'hush' }, Size: { Type: 'String', Default: 's' } },
    Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } } },
  });
  const good = await read(aws, 'cloudformation_validate_template', { template_body });
  expect(good).toMatchObject({ valid: true, description: 'd', capabilities: ['CAPABILITY_IAM'] });
  expect(JSON.stringify(good)).not.toContain('hush');
  const bad = await read(aws, 'cloudformation_validate_template', { template_body: '{"Resources":{"A":{}}}' });
  expect(bad).toMatchObject({ valid: false, complaint: expect.stringContaining('ValidationError') });
});

test('a change set is told with our verdict on each change', async () => {
  const template = {
    Resources: { Queue: { ...QUEUE, Properties: { QueueName: 'renamed' } } },
    Outputs: EXPORTER.Outputs,
  };
  const input = { StackName: 'exporter', ChangeSetName: 'try', TemplateBody: JSON.stringify(template) };
  await cloudformation.send(new CreateChangeSetCommand(input));
  const look = () =>
    read(aws, 'cloudformation_describe_change_set', { stack_name: 'exporter', change_set_name: 'try' });
  let seen = await look();
  while (seen.status !== 'CREATE_COMPLETE') seen = await look();
  expect(seen.changes).toMatchObject([
    { logical_id: 'Queue', action: 'Modify', effect: 'replace', recoverable: false },
  ]);
  const missing = read(aws, 'cloudformation_describe_change_set', { stack_name: 'exporter', change_set_name: 'none' });
  await expect(missing).rejects.toMatchObject({ code: 'not_found' });
});

test('drift is found: a changed instance, one that is gone, and what was ordered', async () => {
  const clean = await read(aws, 'cloudformation_detect_stack_drift', { stack_name: 'servers' });
  expect(clean).toMatchObject({ status: 'DETECTION_COMPLETE', stack_drift_status: 'IN_SYNC', drifted: [] });
  const { resources } = await read(aws, 'cloudformation_list_stack_resources', { stack_name: 'servers' });
  const idOf = (id: string): string =>
    resources.find((one: { logical_id: string }) => one.logical_id === id).physical_id;
  const stop = await propose(aws, 'ec2_stop_instances', { instance_ids: [idOf('Web')] });
  await stop.execute();
  await stop.outcome();
  const change = { InstanceId: idOf('Web'), InstanceType: { Value: 'm5.large' } };
  await ec2.send(new ModifyInstanceAttributeCommand(change));
  const terminate = await propose(aws, 'ec2_terminate_instances', { instance_ids: [idOf('Gone')] });
  await terminate.execute();
  await terminate.outcome();
  const order = { stack: 'servers', logicalId: 'Queue', path: '/MasterPassword', actual: 'hunter2' };
  await cloud.order('drift', order);
  const found = await read(aws, 'cloudformation_detect_stack_drift', { stack_name: 'servers' });
  expect(found).toMatchObject({ stack_drift_status: 'DRIFTED', drifted_resources: 3 });
  const by = Object.fromEntries(found.drifted.map((one: { logical_id: string }) => [one.logical_id, one]));
  expect(by.Web).toMatchObject({
    drift_status: 'MODIFIED',
    differences: [{ property_path: '/InstanceType', expected: 't3.micro', actual: 'm5.large' }],
  });
  expect(by.Gone).toMatchObject({ drift_status: 'DELETED', differences: [] });
  expect(by.Queue.differences).toMatchObject([{ property_path: '/MasterPassword', actual: '[hidden:changed]' }]);
  expect(by.Db).toBeUndefined();
  expect(await ec2.send(new StopInstancesCommand({ InstanceIds: [idOf('Db')] }))).toBeDefined();
});

test('a detection goes on by its id, and only for its own stack', async () => {
  const { detection_id } = await read(aws, 'cloudformation_detect_stack_drift', { stack_name: 'exporter' });
  const before = (await cloud.requests('DetectStackDrift')).length;
  const again = await read(aws, 'cloudformation_detect_stack_drift', { stack_name: 'exporter', detection_id });
  expect(again).toMatchObject({ detection_id, drifted: [] });
  expect(await cloud.requests('DetectStackDrift')).toHaveLength(before);
  const other = read(aws, 'cloudformation_detect_stack_drift', { stack_name: 'importer', detection_id });
  await expect(other).rejects.toMatchObject({ code: 'invalid_input' });
  const unknown = read(aws, 'cloudformation_detect_stack_drift', {
    stack_name: 'importer',
    detection_id: '00000000-0000-0000-0000-000000000000',
  });
  await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
});

test('a detection that takes longer than an answer may is handed out by its id', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const id = '0b1c0b1c-0000-0000-0000-000000000000';
  let looks = 0;
  const slow = await answering((action) => {
    if (action === 'DescribeStacks') return stackXml('app', 'UPDATE_COMPLETE');
    if (action === 'DetectStackDrift') return `<StackDriftDetectionId>${id}</StackDriftDetectionId>`;
    looks += 1;
    if (looks === 2) vi.advanceTimersByTime(60_000);
    return `<StackId>${arn('app')}</StackId><StackDriftDetectionId>${id}</StackDriftDetectionId><DetectionStatus>DETECTION_IN_PROGRESS</DetectionStatus><Timestamp>2026-01-01T00:00:00Z</Timestamp>`;
  });
  const told = await read(slow, 'cloudformation_detect_stack_drift', { stack_name: 'app' });
  expect(told).toMatchObject({
    detection_id: id,
    status: 'DETECTION_IN_PROGRESS',
    next: expect.stringContaining('again'),
  });
  expect(told).not.toHaveProperty('drifted');
  expect(looks).toBe(2);
});

test('drift of a stack that did not get anywhere is refused', async () => {
  const broken = read(aws, 'cloudformation_detect_stack_drift', { stack_name: 'broken' });
  await expect(broken).rejects.toMatchObject({ code: 'wrong_state' });
});

test('exports are listed with who imports them', async () => {
  const { exports } = await read(aws, 'cloudformation_list_exports');
  expect(exports).toMatchObject([
    { name: 'used', value: 'one', imported_by: ['importer'] },
    { name: 'free', imported_by: [] },
    { name: 'api-token', value: '[hidden:secret]', imported_by: [] },
  ]);
});

test('exports are listed all the same where nobody may ask who imports them', async () => {
  await cloud.fault({ action: 'ListImports', mode: 'error_before', code: 'AccessDenied', status: 403 });
  const before = (await cloud.requests('ListImports')).length;
  const { exports } = await read(aws, 'cloudformation_list_exports');
  expect(exports.map((one: { imported_by: unknown }) => one.imported_by)).toEqual(Array(3).fill('not known'));
  // One refusal is enough.
  expect(await cloud.requests('ListImports')).toHaveLength(before + 1);
});
