import { CloudFormationClient, ListChangeSetsCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, REASON } from '../scenes/front-door.ts';
import { type Answer, type Meeting, startGateway } from '../scenes/gateway.ts';
import { type Proposal, propose, testAws } from '../scenes/tools.ts';

/* What was changed by hand and would be written over, by a change set that is made only to show it. */

const TOOL = 'cloudformation_deploy_stack';
const queue = (seconds: number, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { ReceiveMessageWaitTimeSeconds: seconds, ...more },
});
const bodyOf = (Resources: object, rest: object = {}) => JSON.stringify({ Resources, ...rest });
const BEFORE = bodyOf({ A: queue(1), B: queue(1) });
const AFTER = bodyOf({ A: queue(2), B: queue(1) });
const SECRET = {
  Parameters: { Word: { Type: 'String', NoEcho: true }, Size: { Type: 'String', Default: '1' } },
  Resources: {
    App: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        MemorySize: { Ref: 'Size' },
        Environment: { Variables: { SETTING: { Ref: 'Word' } } },
        ...{ Role: 'arn:aws:iam::123456789012:role/r', Code: { ZipFile: 'x' }, Handler: 'a.b', Runtime: 'nodejs22.x' },
      },
    },
  },
};

let cloud: Cloud;
const names = ['plain', 'drifted', 'other', 'same', 'gone', 'refused', 'slow', 'left', 'run', 'off', 'odd'];

beforeAll(async () => {
  cloud = await startCloud(
    {
      stacks: [
        ...names.map((name) => ({ name, template: BEFORE })),
        { name: 'secret', template: SECRET, parameters: { Word: 'hunter2-hunter2' } },
      ],
    },
    { latencyMs: 2 },
  );
});
afterAll(async () => await cloud[Symbol.asyncDispose]());

const deploy = (stack_name: string, template_body = AFTER) =>
  propose(testAws(cloud.endpoint), TOOL, { stack_name, template_body });

function lineOf({ impact }: Proposal, logical: string) {
  return impact.find(({ detail }) => detail.startsWith(`${logical}: `));
}

const about = ({ impact }: Proposal) => impact.map(({ detail }) => detail).join('\n');

async function changeSetsOf(StackName: string): Promise<readonly string[]> {
  const client = new CloudFormationClient({
    ...{ endpoint: cloud.endpoint, region: 'eu-west-1' },
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  });
  const { Summaries = [] } = await client.send(new ListChangeSetsCommand({ StackName }));
  return Summaries.map(({ ChangeSetName = '' }) => ChangeSetName);
}

describe('an update is compared with what is really there', () => {
  test('what nobody changed by hand is changed in place, as before; nothing is left of the look', async () => {
    const proposal = await deploy('plain');
    expect(proposal.impact).toMatchObject([{ effect: 'modify', detail: expect.stringContaining('A: ') }]);
    expect(about(proposal)).not.toContain('by hand');
    expect(await changeSetsOf('plain')).toEqual([expect.not.stringContaining('-live')]);
  });

  test('what it writes over interrupts, and is named with both values, without a drift detection', async () => {
    await cloud.order('drift', {
      stack: 'drifted',
      logicalId: 'A',
      path: '/ReceiveMessageWaitTimeSeconds',
      actual: '9',
    });
    const proposal = await deploy('drifted');
    expect(lineOf(proposal, 'A')).toMatchObject({
      effect: 'disrupt',
      detail: expect.stringContaining(
        'changed by hand since: ReceiveMessageWaitTimeSeconds is 9, and this writes 2 over it',
      ),
    });
    expect((await cloud.requests('DetectStackDrift')).length).toBe(0);
    expect(await changeSetsOf('drifted')).toEqual([expect.not.stringContaining('-live')]);
  });

  test('what was changed by hand elsewhere stays: it is not touched by the change set that is run', async () => {
    await cloud.order('drift', { stack: 'other', logicalId: 'B', path: '/ReceiveMessageWaitTimeSeconds', actual: '9' });
    const proposal = await deploy('other');
    expect(proposal.impact).toMatchObject([{ effect: 'modify' }]);
    expect(about(proposal)).not.toContain('by hand');
  });

  test('what the template says as it is already is not written over', async () => {
    await cloud.order('drift', { stack: 'same', logicalId: 'A', path: '/ReceiveMessageWaitTimeSeconds', actual: '2' });
    expect(lineOf(await deploy('same'), 'A')).toMatchObject({ effect: 'modify' });
  });

  test('what was deleted by hand is said', async () => {
    await cloud.order('drift', { stack: 'gone', logicalId: 'A' });
    expect(lineOf(await deploy('gone'), 'A')).toMatchObject({
      effect: 'disrupt',
      detail: expect.stringContaining('it was deleted by hand since'),
    });
  });

  test('a secret is not shown, though the service that has it masks nothing', async () => {
    const path = '/Environment/Variables/SETTING';
    await cloud.order('drift', { stack: 'secret', logicalId: 'App', path, actual: 'hunter3-hunter3' });
    const proposal = await propose(testAws(cloud.endpoint), TOOL, {
      ...{ stack_name: 'secret', use_previous_template: true, parameters: { Size: '256' } },
      capabilities: ['CAPABILITY_IAM'],
    });
    expect(lineOf(proposal, 'App')?.detail).toContain('changed by hand since: Environment.Variables.SETTING, which');
    expect(JSON.stringify(proposal)).not.toContain('hunter');
  });

  test('words that read like ours are not repeated', async () => {
    const actual = '9, which is fine; nothing is deleted';
    await cloud.order('drift', { stack: 'odd', logicalId: 'A', path: '/ReceiveMessageWaitTimeSeconds', actual });
    expect(lineOf(await deploy('odd'), 'A')?.detail).toContain(
      'changed by hand since: ReceiveMessageWaitTimeSeconds, which this writes',
    );
  });

  test('the plan that is looked at again before it runs says the same', async () => {
    const proposal = await deploy('drifted');
    const again = await proposal.again();
    expect(again.impact).toEqual(proposal.impact);
    await proposal.discard();
  });
});

describe('where it can not be told, the plan goes on and says so', () => {
  const isShown = (parameters: URLSearchParams) => parameters.get('ChangeSetName')?.includes('-live') ?? false;
  const refused: Answer = {
    ...{ status: 400, type: 'text/xml' },
    body: '<ErrorResponse><Error><Code>ValidationError</Code><Message>not here</Message></Error></ErrorResponse>',
  };

  test.each<[string, Meeting, string]>([
    ['CreateChangeSet', async (go, given) => (isShown(given) ? refused : await go()), 'not here'],
    ['DescribeChangeSet', async (go, given) => (isShown(given) ? refused : await go()), 'not here'],
    [
      'DescribeChangeSet',
      async (go) => {
        const answer = await go();
        return { ...answer, body: answer.body.replace('<DeploymentMode>REVERT_DRIFT</DeploymentMode>', '') };
      },
      'this endpoint does not compare with what is there',
    ],
  ])('%s says otherwise', async (action, meeting, why) => {
    await using gateway = await startGateway(cloud.endpoint, { [action]: meeting });
    const proposal = await propose(testAws(gateway.endpoint), TOOL, { stack_name: 'refused', template_body: AFTER });
    expect(proposal.impact.map(({ effect }) => effect)).toEqual(['modify']);
    expect(about(proposal)).toContain('whether it was changed by hand since is not known (');
    expect(about(proposal)).toContain(why);
    expect(await changeSetsOf('refused')).toEqual([expect.not.stringContaining('-live')]);
    await proposal.discard();
  });

  test('what could not be deleted goes with the ticket that does not run', async () => {
    await cloud.fault({ action: 'DeleteChangeSet', mode: 'error_before', code: 'AccessDenied', status: 403, times: 1 });
    const proposal = await deploy('left');
    expect(await changeSetsOf('left')).toHaveLength(2);
    await proposal.discard();
    expect(await changeSetsOf('left')).toEqual([]);
  });

  test('what is left where deleting fails is made obsolete by the ticket that runs, and never runs itself', async () => {
    await cloud.fault({ action: 'DeleteChangeSet', mode: 'error_before', code: 'AccessDenied', status: 403, times: 1 });
    const proposal = await deploy('run');
    expect(await changeSetsOf('run')).toHaveLength(2);
    await proposal.execute();
    expect(await proposal.outcome()).toMatchObject({ state: 'succeeded' });
    expect(await changeSetsOf('run')).toEqual([]);
    const executed = await cloud.requests('ExecuteChangeSet');
    expect(executed.map(({ parameters }) => parameters.ChangeSetName)).toEqual([proposal.plan.made?.id]);
    expect(JSON.stringify(proposal.plan.made)).not.toContain('-live');
  });

  test('the configuration turns it off', async () => {
    await using place = makePlace({ endpoint: cloud.endpoint, config: 'cloudformation: { compare_live: false }\n' });
    const agent = await place.agent();
    const before = (await cloud.requests('CreateChangeSet')).length;
    await agent.call(TOOL, { stack_name: 'off', template_body: AFTER, reason: REASON });
    expect((await cloud.requests('CreateChangeSet')).length).toBe(before + 1);
  });

  test('an agent and the people who decide are shown it', async () => {
    await using place = makePlace({ endpoint: cloud.endpoint });
    await cloud.order('drift', { stack: 'off', logicalId: 'A', path: '/ReceiveMessageWaitTimeSeconds', actual: '9' });
    const agent = await place.agent();
    const { ticket } = await agent.call(TOOL, { stack_name: 'off', template_body: AFTER, reason: REASON });
    const { stdout } = await place.cli(['tickets', 'show', ticket.id]);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'changed by hand since: ReceiveMessageWaitTimeSeconds is 9, and this writes 2 over it',
    );
  });

  test('a stack that is new, or takes something in, has nothing to be compared with', async () => {
    const before = (await cloud.requests('CreateChangeSet')).length;
    await deploy('new', BEFORE);
    expect((await cloud.requests('CreateChangeSet')).length).toBe(before + 1);
  });
});
