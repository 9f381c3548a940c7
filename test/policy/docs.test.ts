import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { ACTIONS } from './actions.ts';

const page = await readFile(new URL('../../docs/policy.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```cedar\n(.*?)```/gs)].map(([, text = '']) => text);

describe('docs/policy.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
  });

  it.each(examples)('has an example that loads: %s', async (text) => {
    await expect(loadPolicy({ text, source: 'docs/policy.md', actions: ACTIONS })).resolves.toBeDefined();
  });
});
