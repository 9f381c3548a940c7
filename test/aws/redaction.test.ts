import { expect, test } from 'vitest';
import { hideCredentials } from '../../tools/ports/credentials.ts';
import { hideValue } from '../../tools/ports/redaction.ts';

const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAAAA\n-----END RSA PRIVATE KEY-----';

test.each([
  ['an access key id', 'key AKIAIOSFODNN7EXAMPLE!', 'key AKIA[hidden:secret]!'],
  ['a session key id', 'ASIAIOSFODNN7EXAMPLE', 'ASIA[hidden:secret]'],
  ['a PEM block', `before ${PEM} after`, 'before [hidden:secret] after'],
  ['a PEM block that is cut off', PEM.slice(0, 50), '[hidden:secret]'],
  ['a password in a URL', 'see postgres://admin:hush@db:5432/x', 'see postgres://admin:[hidden:secret]@db:5432/x'],
  ['nothing else', 'arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/a'],
])('%s', (_, text, shown) => {
  expect(hideCredentials(text)).toBe(shown);
});

test.each([
  ['DbPassword', 'hush', '[hidden:secret]'],
  ['api_key', 'hush', '[hidden:secret]'],
  [
    'SecretArn',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x',
  ],
  ['Endpoint', 'db.example', 'db.example'],
  [
    'Context',
    '{"Properties":{"MasterUserPassword":"hush","Port":1}}',
    '{"Properties":{"MasterUserPassword":"[hidden:secret]","Port":1}}',
  ],
  [
    'Environment',
    '[{"Name":"DB_TOKEN","Value":"hush"},{"Name":"A","Value":"b"}]',
    '[{"Name":"DB_TOKEN","Value":"[hidden:secret]"},{"Name":"A","Value":"b"}]',
  ],
  ['Cut', '{"Password":"hus', '[hidden:secret]'],
  ['Who', '{"AKIAIOSFODNN7EXAMPLE":1,"AKIAIOSFODNN7EXAMPLF":2}', '{"AKIA[hidden:secret]":1,"AKIA[hidden:secret-2]":2}'],
  [
    'Condition',
    '{"token.actions.githubusercontent.com:sub":"repo:a/b:*","my.token":"hush"}',
    '{"token.actions.githubusercontent.com:sub":"repo:a/b:*","my.token":"[hidden:secret]"}',
  ],
  [
    'Body',
    '{"security":[{"Jwt":[]}],"components":{"securitySchemes":{"Jwt":{"type":"oauth2","token":"hush"},"Token":"hush"}},"Jwt":{"type":"hush"}}',
    '{"security":[{"Jwt":[]}],"components":{"securitySchemes":{"Jwt":{"type":"oauth2","token":"[hidden:secret]"},"Token":"[hidden:secret]"}},"Jwt":"[hidden:secret]"}',
  ],
  ['MetadataOptions /Properties/MetadataOptions/HttpTokens', 'required', 'required'],
  ['MyHttpTokens', 'hush', '[hidden:secret]'],
  ['/Properties/Policies/PasswordPolicy/Token', 'hush', '[hidden:secret]'],
  [
    'Policies',
    '{"PasswordPolicy":{"MinimumLength":8,"TemporaryPasswordValidityDays":7,"Password":"hush"}}',
    '{"PasswordPolicy":{"MinimumLength":8,"TemporaryPasswordValidityDays":7,"Password":"[hidden:secret]"}}',
  ],
])('%s of %s is shown as %s', (name, value, shown) => {
  expect(hideValue(name, value)).toBe(shown);
});
