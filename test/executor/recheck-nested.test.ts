import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPlan } from '../../src/kernel/plan.ts';
import { type RecheckScene, recheckScene, stopped } from '../scenes/executor.ts';

/*
 * Someone who can write where a nested stack's template is puts another one there, after people were shown what the
 * first would do.
 */

const url = (name: string) => `https://t.example/${name}.json`;
const TABLE = { Type: 'AWS::DynamoDB::Table', Properties: { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] } };
const data = (more: object = {}, Description = 'the data') => ({
  Description,
  Parameters: { Delay: { Type: 'String', Default: '0' } },
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { ReceiveMessageWaitTimeSeconds: { Ref: 'Delay' } } },
    ...more,
  },
});
const root = (name: string, Parameters: object = {}) => ({
  Resources: {
    Data: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: { 'Fn::Sub': url(name) }, Parameters } },
  },
});

let scene: RecheckScene;
beforeAll(async () => {
  const templates = Object.fromEntries(['listed', 'same', 'text'].map((name) => [url(name), data({ Table: TABLE })]));
  const stacks = Object.keys(templates).map((where) => {
    const name = where.replace(/.*\/|\.json/g, '');
    return { name, template: root(name) };
  });
  scene = await recheckScene({ templates, stacks });
});
afterAll(async () => await scene[Symbol.asyncDispose]());

async function put(name: string, template: object) {
  const body = JSON.stringify({ [url(name)]: JSON.stringify(template) });
  const answer = await fetch(`${scene.cloud.endpoint}/_sandbox/templates`, { method: 'PUT', body });
  expect(answer.status).toBe(200);
}

const deployed = (stack_name: string, template: object) =>
  scene.approved('cloudformation_deploy_stack', { stack_name, template_body: JSON.stringify(template) });

const OTHER = stopped('stale', 'stale', 'AWS is no longer as planned: nested templates changed', /agent ask again$/);

test('B9: a nested template that is replaced at its address after it was approved is stale', async () => {
  const ticket = await deployed('listed', root('listed', { Delay: '5' }));
  expect(readPlan(ticket.plan!, ticket.id).effects).toEqual(['modify']);
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
  await put('listed', data());
  expect(await scene.recheck(ticket)).toEqual(OTHER);
});

test('B9: so is one in which AWS found no change', async () => {
  const ticket = await deployed('same', { ...root('same'), Outputs: { More: { Value: 'x' } } });
  expect(await scene.recheck(ticket)).toMatchObject({ kind: 'go' });
  await put('same', data());
  expect(await scene.recheck(ticket)).toEqual(OTHER);
});

test('B9: a plan is bound to the text of each template that AWS made the change set of', async () => {
  const guard = async () => {
    const ticket = await scene.asked('cloudformation_deploy_stack', {
      stack_name: 'text',
      template_body: JSON.stringify(root('text', { Delay: '5' })),
    });
    return readPlan(ticket.plan!, ticket.id).guard;
  };
  const before = await guard();
  await put('text', data({ Table: TABLE }, 'in other words'));
  const after = await guard();
  expect(after.changes_digest).toBe(before.changes_digest);
  expect(after.nested_digest).not.toBe(before.nested_digest);
});
