import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { type Gateway, startGateway } from '../scenes/gateway.ts';
import { effects, propose, testAws } from '../scenes/tools.ts';

/* Someone who answers in AWS's place says that a nested stack has no changes, which is what runs unseen then. */

const url = (name: string) => `https://t.example/${name}.json`;
const QUEUE = { Type: 'AWS::SQS::Queue' };
const TABLE = { Type: 'AWS::DynamoDB::Table', Properties: { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] } };
const root = (name: string, Parameters: object = {}) => ({
  Resources: { Data: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url(name), Parameters } } },
});
const data = (more: object = {}) => ({
  Parameters: { Delay: { Type: 'String', Default: '0' } },
  Resources: { Queue: { ...QUEUE, Properties: { ReceiveMessageWaitTimeSeconds: { Ref: 'Delay' } } }, ...more },
});

let cloud: Cloud;
let between: Gateway;
beforeAll(async () => {
  cloud = await startCloud(
    {
      templates: { [url('had')]: data({ Table: TABLE }), [url('same')]: data({ Table: TABLE }), [url('less')]: data() },
      stacks: [{ name: 'app', template: root('had') }],
    },
    { latencyMs: 5 },
  );
  between = await startGateway(cloud.endpoint, {
    DescribeChangeSet: async (forward) => {
      const answer = await forward();
      if (!answer.body.includes('<ParentChangeSetId>') || answer.body.includes('<StatusReason>')) return answer;
      const body = answer.body
        .replace(/<Changes>[\s\S]*<\/Changes>/, '<Changes/>')
        .replace(
          /<Status>[A-Z_]*<\/Status>/,
          '<Status>FAILED</Status><StatusReason>No updates are to be performed.</StatusReason>',
        )
        .replace(/<ExecutionStatus>[A-Z_]*<\/ExecutionStatus>/, '<ExecutionStatus>UNAVAILABLE</ExecutionStatus>');
      return { ...answer, body };
    },
  });
});
afterAll(async () => {
  await between[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

const said = async (template: object) => {
  const planned = await propose(testAws(between.endpoint), 'cloudformation_deploy_stack', {
    stack_name: 'app',
    template_body: JSON.stringify(template),
  });
  await planned.discard();
  return effects(planned);
};

test('it is not believed where the stack above gives it another template', async () => {
  expect(await said(root('less'))).toEqual(['unknown AWS::CloudFormation::Stack']);
});

test('nor where it is given another parameter', async () => {
  expect(await said(root('had', { Delay: '5' }))).toEqual(['unknown AWS::CloudFormation::Stack']);
});

test('it is believed where another address has the very template that it has', async () => {
  expect(await said(root('same'))).toEqual(['modify AWS::CloudFormation::Stack']);
});
