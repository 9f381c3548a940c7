import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON, until } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/*
 * A template takes a value as a NoEcho parameter, and hands it to a nested stack under one that isn't. AWS shows it
 * there to everyone who may look; an agent that may not see it reads the nested stack, its outputs, its exports, and
 * what is planned about it.
 */

const LEAKS = /zebra|crossing|granite7/i;
const at = (name: string) => `https://t.example/${name}.json`;
const topic = (DisplayName: unknown) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });
const nested = (name: string, Parameters: object) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL: at(name), Parameters },
});
const STRING = { Type: 'String' };
const INNER = {
  Parameters: { Text: STRING, Other: STRING },
  Resources: { In: topic('in') },
  Outputs: { Said: { Value: { Ref: 'Text' } }, Open: { Value: { Ref: 'Other' } } },
};
const EXPORTING = {
  ...INNER,
  Outputs: {
    Said: { ...INNER.Outputs.Said, Export: { Name: 'said' } },
    Open: { ...INNER.Outputs.Open, Export: { Name: 'open' } },
  },
};
const AROUND = {
  Parameters: { Text: STRING },
  Resources: { Deep: nested('inner', { Text: { Ref: 'Text' }, Other: 'plain-to-see' }) },
};
const TEMPLATE = {
  Parameters: { Word: { ...STRING, NoEcho: true }, Open: STRING },
  Resources: {
    Topic: topic('plain'),
    N: nested('exporting', { Text: { Ref: 'Word' }, Other: { Ref: 'Open' } }),
    Around: nested('around', { Text: { 'Fn::Sub': `a-\${Word}` } }),
  },
};

let scene: Scene;
beforeAll(async () => {
  const templates = { inner: INNER, exporting: EXPORTING, around: AROUND };
  scene = await setScene(
    {
      stacks: [
        { name: 'shop', template: TEMPLATE, parameters: { Word: 'Zebra-Crossing-Granite7', Open: 'plain-to-see' } },
        { name: 'alone', template: INNER, parameters: { Text: 'a-text', Other: 'plain-to-see' } },
      ],
      templates: Object.fromEntries(Object.entries(templates).map(([name, one]) => [at(name), one])),
    },
    {
      config: 'environments: [{ name: development, match: { stack_names: [shop, "shop-*"] } }]\n',
      latencyMs: 2,
      serve: [],
    },
  );
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

const HIDDEN = expect.stringMatching(/^\[hidden:/);
const described = async (stack_name: string) => await scene.agent.call('cloudformation_describe_stack', { stack_name });
const valuesIn = (members: readonly { readonly key: string; readonly value: string }[]) =>
  Object.fromEntries(members.map(({ key, value }) => [key, value]));

/** The ARN of what is nested in a stack. */
async function nestedIn(stack_name: string, id: string): Promise<string> {
  const { resources } = await scene.agent.call('cloudformation_list_stack_resources', { stack_name });
  return resources.find(({ logical_id }: { logical_id: string }) => logical_id === id).physical_id;
}

test('neither a nested stack nor one that is nested in it shows it, as a parameter or an output', async () => {
  const around = await nestedIn('shop', 'Around');
  for (const stack of [await nestedIn('shop', 'N'), await nestedIn(around, 'Deep')]) {
    const { parameters, outputs } = await described(stack);
    expect(valuesIn(parameters)).toEqual({ Text: HIDDEN, Other: 'plain-to-see' });
    expect(valuesIn(outputs)).toEqual({ Said: HIDDEN, Open: 'plain-to-see' });
  }
  expect(valuesIn((await described(around)).parameters)).toEqual({ Text: HIDDEN });
});

test('nor is it shown as what a nested stack exports', async () => {
  const { exports } = await scene.agent.call('cloudformation_list_exports', {});
  const values = exports.map(({ name, value }: { name: string; value: string }) => ({ key: name, value }));
  expect(valuesIn(values)).toEqual({ said: HIDDEN, open: 'plain-to-see' });
});

test('nor by what is planned: of the stack around, and of the nested one by itself', async () => {
  const deployed = async (stack_name: string, template: object) => {
    const args = { stack_name, template_body: JSON.stringify(template), reason: REASON };
    const asked = await scene.agent.call('cloudformation_deploy_stack', args);
    const answer = await until(
      () => scene.agent.call('ticket_get', { ticket_id: asked.ticket?.id }),
      ({ ticket }) => ticket?.state !== 'planning',
    );
    expect(answer.ticket, JSON.stringify(asked)).toBeDefined();
    expect(JSON.stringify([asked, answer])).not.toMatch(LEAKS);
    return answer;
  };
  const id = await nestedIn('shop', 'N');
  const Resources = { ...EXPORTING.Resources, In: topic({ Ref: 'Text' }), More: topic({ Ref: 'Other' }) };
  const answer = await deployed(id, { ...EXPORTING, Resources });
  const impact = (answer.plan?.impact ?? []) as readonly { readonly effect: string; readonly detail: string }[];
  // A way back would have the value in its own call.
  expect(answer.plan?.undo).toEqual({ exists: 'no' });
  // It is said of the nested stack as it would be of the one around.
  expect(impact.filter(({ effect }) => effect === 'expose').map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^In: DisplayName shows a hidden value/),
  ]);
  await deployed('shop', { ...TEMPLATE, Resources: { ...TEMPLATE.Resources, Topic: topic('other') } });
});

test('what the stack around gives, and cannot be looked at, is hidden', async () => {
  const id = await nestedIn('shop', 'N');
  await scene.cloud.fault({
    ...{ action: 'DescribeStacks', from: 2, mode: 'error_before' },
    ...{ code: 'AccessDenied', message: 'not authorized', status: 403 },
  });
  const { parameters, outputs } = await described(id);
  expect(valuesIn(parameters)).toEqual({ Text: HIDDEN, Other: HIDDEN });
  expect(valuesIn(outputs)).toEqual({ Said: HIDDEN, Open: HIDDEN });
});

test('a stack that is nested nowhere is read by as many requests as before, and a nested one by three more', async () => {
  const asked = async (stack: string) => {
    const before = (await scene.cloud.requests()).length;
    await described(stack);
    return (await scene.cloud.requests()).slice(before).map(({ action }) => action);
  };
  const alone = await asked('alone');
  expect(alone.filter((action) => action !== 'GetTemplate')).toEqual(['DescribeStacks']);
  const nested = await asked(await nestedIn('shop', 'N'));
  expect(nested.filter((action) => action !== 'GetTemplate')).toEqual([
    ...['DescribeStacks', 'DescribeStacks', 'ListStackResources'],
  ]);
});
