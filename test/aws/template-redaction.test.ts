import { expect, test } from 'vitest';
import { parseTemplate } from '../../src/aws/template/document.ts';
import { redactTemplate } from '../../src/aws/template/redaction.ts';

const redacted = (text: string) => redactTemplate(text, 'arn:aws:cloudformation:eu-west-1:123456789012:stack/s/1').text;
const MASK = /\[hidden:[\w.-]+#[0-9a-f]{12}\]/;

const YAML = `# db_password: hunter2, ask ops
Parameters:
  DbPassword:
    Type: String
    Description: the password of the database
    Default: hunter2
  Silent: { Type: String, NoEcho: yes, Default: 'hush "hush"', AllowedValues: [one-secret, 'two-secret'] }
  Size: { Type: String, Default: small }
Mappings:
  Keys: { eu: { ApiToken: tok-123 } }
Resources:
  DbSecret:
    Type: AWS::SecretsManager::Secret
    Properties:
      Name: visible
      SecretString: !Sub '{"pw":"s3cr3t-\${AWS::Region}"}'
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres # stays
      MasterUserPassword: &shared hunter3
      MasterUserSecret: { Fn::GetAtt: [DbSecret, Arn] }
      ManageMasterUserPassword: true
  Web:
    Type: AWS::EC2::Instance
    Properties:
      UserData: !Base64 |
        #!/bin/sh
        export KEY=abc
      Tags:
        - Key: password
          Value: tagged
        - Key: team
          Value: kept
  Other:
    Type: Custom::Thing
    Properties:
      Innocent: &anchored anchored-secret
      AccessKey: *anchored
      PasswordReference: '{{resolve:secretsmanager:prod/db}}'
      Token: !Ref DbPassword
      Url: postgres://admin:letmein@db/x
      Again: *shared
Outputs:
  Password: { Value: printed, Description: shown }
  SecretArn: { Value: !Ref DbSecret }
`;

const SECRETS = [
  'hunter2',
  'hush',
  'one-secret',
  'two-secret',
  'tok-123',
  's3cr3t',
  'hunter3',
  'KEY=abc',
  'tagged',
  'anchored-secret',
  'letmein',
  'printed',
];
const SHOWN = [
  'the password of the database',
  'small',
  'Name: visible',
  'Engine: postgres # stays',
  'Fn::GetAtt: [DbSecret, Arn]',
  'ManageMasterUserPassword: true',
  'Value: kept',
  'AWS::SecretsManager::Secret',
  "'{{resolve:secretsmanager:prod/db}}'",
  'Token: !Ref DbPassword',
  'AccessKey: *anchored',
  'Description: shown',
  'Value: !Ref DbSecret',
];

test('secrets go, everything else stays as it was written', () => {
  const text = redacted(YAML);
  for (const secret of SECRETS) expect(text).not.toContain(secret);
  for (const shown of SHOWN) expect(text).toContain(shown);
  expect(redacted(text)).toBe(text);
  // What block text was stays one value, and the next key stays on its own line.
  expect(text).toMatch(/UserData: !Base64 "\[hidden:UserData#[0-9a-f]{12}\]"\n {6}Tags:/);
});

test.each([
  ['one line', undefined],
  ['indented by tabs', '\t'],
  ['indented by spaces', 2],
])('JSON, %s', (_, indent) => {
  const given = {
    Parameters: { Silent: { Type: 'String', NoEcho: 'true', Default: 'hush "\\ \u00e9' }, Size: { Default: 7 } },
    Resources: {
      A: { Type: 'T', Properties: { Password: 'a\tb', Environment: [{ Name: 'API_KEY', Value: 'k' }], Port: 1 } },
    },
  };
  const text = redacted(JSON.stringify(given, undefined, indent));
  const expected = structuredClone(given);
  const shown = JSON.parse(text);
  const masks = [shown.Parameters.Silent.Default, shown.Resources.A.Properties.Password];
  masks.push(shown.Resources.A.Properties.Environment[0].Value);
  // Each is bound to its place.
  expect(new Set(masks.map((mask) => MASK.exec(mask)?.[0])).size).toBe(3);
  expected.Parameters.Silent.Default = masks[0];
  expected.Resources.A.Properties.Password = masks[1];
  for (const one of expected.Resources.A.Properties.Environment) one.Value = masks[2];
  expect(shown).toEqual(expected);
  expect(text).toBe(JSON.stringify(expected, undefined, indent));
});

test.each(['', '[]', 'a: [', 'a: 1\na: 2', '&a [*a]'])('what can not be read is not shown: %j', (text) => {
  expect(() => redacted(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});

const TOKENS = ['ghp_0123456789abcdefghijABCDEFGHIJ012345', 'ghp_9876543210abcdefghijABCDEFGHIJ543210'];

test.each([
  ['JSON', JSON.stringify({ Mappings: { Who: Object.fromEntries(TOKENS.map((key, at) => [key, { At: at }])) } })],
  ['YAML', `Mappings:\n  Who:\n${TOKENS.map((key, at) => `    ${key}: { At: ${at} }\n`).join('')}`],
  ['YAML in one line', `Mappings: {Who: {${TOKENS.map((key, at) => `${key}: {At: ${at}}`).join(', ')}}}`],
])('names of members that are secrets are hidden, and stay as many as they are: %s', (_, text) => {
  const shown = redacted(text);
  for (const secret of TOKENS) expect(shown).not.toContain(secret);
  const { Mappings } = parseTemplate(shown, 10_000) as { Mappings: { Who: unknown } };
  expect(Mappings.Who).toEqual({ '[hidden:secret]': { At: 0 }, '[hidden:secret-2]': { At: 1 } });
});

test('what a role asks of an identity provider is shown, and what stands beside it in its place is not', () => {
  const claim = 'token.actions.githubusercontent.com:sub';
  const text = `Resources: {A: {Properties: {"${claim}": "repo:a/b:*", "my.token:sub-domain": "hush", my.token: "hush"}}}`;
  const shown = redacted(text);
  expect(shown).toContain(`"${claim}": "repo:a/b:*"`);
  expect(shown).not.toContain('hush');
});

test('ways to sign in may be called as they like, and what is secret in them is hidden', () => {
  const jwt = { type: 'oauth2', 'x-amazon-apigateway-authorizer': { type: 'jwt', client_secret: 'hush' } };
  const body = { security: [{ Jwt: [] }], components: { securitySchemes: { Jwt: jwt, Token: 'hush' } } };
  const given = { Resources: { A: { Properties: { Body: body, Jwt: [{ Jwt: ['hush'] }], Token: { type: 'hush' } } } } };
  const shown = redacted(JSON.stringify(given));
  expect(shown).toContain('"security":[{"Jwt":[]}]');
  expect(shown).toContain('"Jwt":{"type":"oauth2","x-amazon-apigateway-authorizer":{"type":"jwt"');
  expect(shown).not.toContain('hush');
});
