import { expect, test } from 'vitest';
import { hideInLog } from '../../src/aws/ec2/log-secrets.ts';

test.each([
  ['DB_PASSWORD=hunter2', 'DB_PASSWORD=[hidden:secret]'],
  ['db password is: hunter2 now', 'db password is: [hidden:secret] now'],
  ['"secret": "a b c", "size": 3', '"secret": [hidden:secret], "size": 3'],
  ["api-key = 'abc'", 'api-key = [hidden:secret]'],
  ['mysql --password hunter2 --user root', 'mysql --password [hidden:secret] --user root'],
  ['Authorization: Bearer abc.def', 'Authorization: [hidden:secret]'],
  ['<Password>c2VjcmV0</Password>', '<Password>[hidden:secret]</Password>'],
  ['key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY end', 'key [hidden:secret] end'],
  ['id AKIAIOSFODNN7EXAMPLE', 'id AKIA[hidden:secret]'],
  ['root:$6$saltsalt$hash/hash.hash:1', 'root:[hidden:secret]:1'],
  ['DB_PASS=abc', 'DB_PASS=[hidden:secret]'],
  ['ghp_0123456789abcdefghij', '[hidden:secret]'],
  // A terminal sequence in the middle of the name must not keep it from being known.
  ['PASS\u001b[1mWORD=hunter2', 'PASSWORD=[hidden:secret]'],
])('%j', (text, expected) => {
  expect(hideInLog(text)).toBe(expected);
});

test.each([
  '[    0.000000] Linux version 6.1.0 (gcc 12.2.0) #1 SMP',
  'sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'Passed: 12 of 12 checks',
  'ip-10-0-0-1 login: ',
  'systemd[1]: Started session 3 of user root.',
])('%j stays as it is', (text) => {
  expect(hideInLog(text)).toBe(text);
});

// Patterns that go back and forth over such text would run into the runner's time limit.
test.each(['password', 'a:', '<', '--token ', 'A1a/', 'eyJ', '$6$', 'secret is '])('64 KB of %j are read', (part) => {
  const text = part.repeat((64 * 1024) / part.length);
  expect(hideInLog(text).length).toBeLessThanOrEqual(text.length + 64);
});
