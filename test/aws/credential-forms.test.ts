import { expect, test } from 'vitest';
import { hideCredentials } from '../../tools/ports/credentials.ts';
import { namesSecret } from '../../tools/ports/secret-name.ts';

// In halves, so that nobody's scanner takes them for what they look like.
const KEY = `wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYEXAMPLEKEY'}`;
const JWT = `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJzdWIiOiIxIn0.${'a1B'.repeat(14)}`;
const TOKENS = [
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) => prefix + 'aB3'.repeat(12)),
  `github_${'pat_'}11ABCDEFG0${'a_B3'.repeat(18)}`,
  `glpat${'-'}${'aB3x-'.repeat(4)}`,
  `xox${'b-'}123456789012-123456789012-${'aB3d'.repeat(6)}`,
  ...['sk_live_', 'rk_live_', 'sk_test_'].map((prefix) => prefix + 'a1B2'.repeat(6)),
  `npm${'_'}${'a1B2'.repeat(9)}`,
  `AIza${'a1B2c'.repeat(7)}`,
  `whsec${'_'}${'A'.repeat(32)}`,
  `pypi${'-'}AgEIcHlwaS5vcmc${'a1B2'.repeat(8)}`,
  JWT,
];

test.each(TOKENS)('B13: %s is known for a token by its form, wherever it stands', (token) => {
  for (const around of [`${token}`, `key ${token}, see`, `x_${token}`, `"${token}"`, `https://h/?a=${token}`])
    expect(hideCredentials(around)).toBe(around.replace(token, '[hidden:secret]'));
});

test.each([
  ['password=Zq7xW9plain', 'password=[hidden:secret]'],
  ['the secret: Zq7, then go', 'the secret: [hidden:secret] then go'],
  ['note: see https://h/?db_pass=Zq7', 'note: see https://h/?db_pass=[hidden:secret]'],
  ['{"DbPassword": "a b", "port": 1}', '{"DbPassword": [hidden:secret], "port": 1}'],
  ['API key: Zq7', 'API key: [hidden:secret]'],
  ['Authorization: Bearer Zq7', 'Authorization: [hidden:secret]'],
  ['curl -H Bearer Zq7xW9plain', 'curl -H Bearer [hidden:secret]'],
  ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: [hidden:secret]'],
  [`Secret access key ${KEY}`, 'Secret access key [hidden:secret]'],
  [`AKIAIOSFODNN7EXAMPLE,${KEY}`, 'AKIA[hidden:secret],[hidden:secret]'],
  ['postgres%3A%2F%2Fu%3AZq7%40h', 'postgres%3A%2F%2Fu%3A[hidden:secret]%40h'],
  [`${'x'.repeat(200)}_password=Zq7`, `${'x'.repeat(200)}_password=[hidden:secret]`],
])('B13: %j', (text, shown) => {
  expect(hideCredentials(text)).toBe(shown);
  expect(hideCredentials(shown)).toBe(shown);
});

test.each([
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf',
  `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:prod/*`,
  '{{resolve:secretsmanager:prod/db:SecretString:password}}',
  'User: arn:aws:sts::123456789012:assumed-role/a/b is not authorized to perform: secretsmanager:GetSecretValue on resource: *',
  'Resource of type AWS::SecretsManager::Secret (prod) failed',
  '(RequestToken: 5b6f2b2e-0000-4444-8888-1234567890ab, HandlerErrorCode: NotStabilized)',
  'amzn2-ami-hvm-2.0.20240131.0-x86_64-gp2',
  'ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20240126',
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com/token-service:1.2.3',
  'commit da39a3ee5e6b4b0d3255bfef95601890afd80709, the secret one',
  'the secret is in commit da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'i-0abcdef1234567890 in subnet-0a1b2c3d, eni-0123456789abcdef0',
  'Basic monitoring; bearer of news',
  'bypass: true, author: Ann, compass=north',
  'npm_config_registry=https://registry.example',
  'The security token included in the request is invalid',
  `DB_PASSWORD=\${DB_PASSWORD} PGPASS=$PGPASS`,
])('B13: %j is no secret', (text) => {
  expect(hideCredentials(text)).toBe(text);
});

test.each([
  'secret ',
  'eyJ-',
  'eyJaaaaaaaa.',
  'password=',
  'a.',
  '%3A%2F%2F%3A',
  'a://b:',
  'is: ',
  '{{resolve:$',
  'arn:aws:',
])('B13: a megabyte of %j is read', (part) => {
  const text = part.repeat((1024 * 1024) / part.length);
  expect(hideCredentials(text).length).toBeGreaterThan(0);
});

test.each(
  'password passwd pass dbPass DB_PASS dbpass db_pwd DBPwd2 pw passphrase secret api_key apikey token credentials auth private_key connection_string dsn bearer session_cookie cookie pin salt sas jwt access-key signing_key SigningKey hmac webhook_url SlackWebhookURL client_secret encryption_key basic-auth Parameters.DbPass PASSWORT kennwort mdp'.split(
    ' ',
  ),
)('B13: %s names a secret', (name) => {
  expect(namesSecret(name)).toBe(true);
});

test.each(
  'bypass passenger compass author authority pinned spin Name pinning pass_through PassThrough AuthType AuthorizationType EncryptionKeyArn KmsKeyId key team mapping assault basalt saltire session SessionDuration disable_api_termination availability_zone cursor region'.split(
    ' ',
  ),
)('B13: %s names none', (name) => {
  expect(namesSecret(name)).toBe(false);
});
