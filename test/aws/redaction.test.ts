import { expect, test } from 'vitest';
import { hideValue } from '../../src/aws/redaction.ts';
import { hideCredentials } from '../../tools/ports/credentials.ts';

const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAAAA\n-----END RSA PRIVATE KEY-----';

test.each([
  ['an access key id', 'key AKIAIOSFODNN7EXAMPLE!', 'key AKIA****!'],
  ['a session key id', 'ASIAIOSFODNN7EXAMPLE', 'ASIA****'],
  ['a PEM block', `before ${PEM} after`, 'before **** (PEM block) after'],
  ['a PEM block that is cut off', PEM.slice(0, 50), '**** (PEM block)'],
  ['a password in a URL', 'see postgres://admin:hush@db:5432/x', 'see postgres://admin:****@db:5432/x'],
  ['nothing else', 'arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/a'],
])('%s', (_, text, shown) => {
  expect(hideCredentials(text)).toBe(shown);
});

test.each([
  ['DbPassword', 'hush', '****'],
  ['api_key', 'hush', '****'],
  [
    'SecretArn',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x',
  ],
  ['Endpoint', 'db.example', 'db.example'],
  [
    'Context',
    '{"Properties":{"MasterUserPassword":"hush","Port":1}}',
    '{"Properties":{"MasterUserPassword":"****","Port":1}}',
  ],
  [
    'Environment',
    '[{"Name":"DB_TOKEN","Value":"hush"},{"Name":"A","Value":"b"}]',
    '[{"Name":"DB_TOKEN","Value":"****"},{"Name":"A","Value":"b"}]',
  ],
  ['Cut', '{"Password":"hus', '****'],
])('%s of %s is shown as %s', (name, value, shown) => {
  expect(hideValue(name, value)).toBe(shown);
});
