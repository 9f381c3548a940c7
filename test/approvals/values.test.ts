import { expect, test } from 'vitest';
import { propertyLines } from '../../approvals/render/impact.ts';
import { impactOf } from '../scenes/installation.ts';

const linesOf = (properties: { name: string; before?: string; after?: string }[]) =>
  propertyLines({ ...impactOf('modify', 'orders'), properties });

test('a property that is JSON is shown as it is written, and one that reads like its own end is quoted', () => {
  const policy = (action: string) => `{"Statement":[{"Effect":"Allow","Action":"${action}"}]}`;
  expect(
    linesOf([
      { name: 'Policy', before: policy('s3:GetObject'), after: policy('s3:*') },
      { name: 'Arrow', before: '["a -> [1]"]', after: '["b"]' },
      { name: 'Escaped', before: '["a\\"]"]', after: '["a", "\u00e4"]' },
      { name: 'Gap', before: '["a  [replaces the resource]"]', after: '["a"] "b"' },
      { name: 'Rest', before: '["a [9 more characters; sha256 0123]"]' },
    ]),
  ).toEqual([
    `Policy: ${policy('s3:GetObject')} -> ${policy('s3:*')}`,
    'Arrow: "[\\u{22}a -> [1]\\u{22}]" -> ["b"]',
    'Escaped: "[\\u{22}a\\u{5c}\\u{22}]\\u{22}]" -> "[\\u{22}a\\u{22}, \\u{22}\\u{e4}\\u{22}]"',
    'Gap: "[\\u{22}a  [replaces the resource]\\u{22}]" -> "[\\u{22}a\\u{22}] \\u{22}b\\u{22}"',
    'Rest: "[\\u{22}a [9 more characters; sha256 0123]\\u{22}]" -> none',
  ]);
});

test('what of it has no room is said', () => {
  expect(linesOf([{ name: 'Long', before: JSON.stringify(['x'.repeat(300)]) }])).toEqual([
    expect.stringMatching(/^Long: \["x{158} \[144 more characters; sha256 [0-9a-f]{16}\] -> none$/),
  ]);
});
