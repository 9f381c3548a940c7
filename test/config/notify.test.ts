import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { failureOf, temporaryFolder } from './home.ts';

async function load(text: string) {
  await using folder = await temporaryFolder();
  await folder.write('config.yaml', text);
  return { home: folder.path, config: await loadConfig({ env: { HOLDSHORT_HOME: folder.path } }) };
}

describe('notify', () => {
  it('is resolved: the secret beside the file, what is told by default, the desktop', async () => {
    const { home, config } = await load(`
notify:
  - { url: "https://hooks.example.com/a?token=t0ps3cret", secret_file: ./secret }
  - { url: "https://hooks.slack.com/services/T/B/X", format: slack, on: [pending] }
notify_desktop: true
`);
    expect(config.recipients).toMatchObject([
      {
        kind: 'webhook',
        format: 'standard',
        secretFile: join(home, 'secret'),
        on: ['pending', 'decided', 'executed', 'people'],
      },
      { kind: 'webhook', format: 'slack', on: ['pending'] },
      { id: 'desktop', kind: 'desktop' },
    ]);
    // An address may hold a secret, and the id is in the database.
    expect(config.recipients.map(({ id }) => id).join()).not.toMatch(/t0ps3cret|hooks/);
    expect((await load('')).config.recipients).toEqual([]);
  });

  it.each([
    ['a URL over plain http', '{ url: "http://hooks.example.com", secret_file: s }', 'notify[0].url'],
    ['something else than a URL', '{ url: "hooks.example.com", secret_file: s }', 'notify[0].url'],
    ['a signed hook without a secret', '{ url: "https://hooks.example.com" }', 'notify[0].secret_file'],
    ['an unknown event', '{ url: "https://hooks.example.com", format: slack, on: [approved] }', 'notify[0].on[0]'],
    ['none', '{ url: "https://hooks.example.com", format: slack, on: [] }', 'notify[0].on'],
  ])('refuses %s', async (_, entry, key) => {
    const error = await failureOf(() => load(`notify:\n  - ${entry}\n`));
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect(error.message).toContain(key);
  });
});
