import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { showOnDesktop } from '../../src/notify/desktop.ts';

const message = {
  type: 'ticket.pending',
  timestamp: '2026-11-22T12:00:00.000Z',
  data: {},
  title: '--replace-id=1 $(touch pwned)',
  facts: ['Target: <a href="https://evil.example">&', 'Where: here', 'not shown'],
};

/** A program in the place of the system's own, which writes down what it was given, one argument a line. */
function systemWith(program: string): { readonly given: () => string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'holdshort-desktop-'));
  const file = join(folder, program);
  writeFileSync(file, `#!/bin/sh\nfor one in "$@"; do printf '%s\\0' "$one"; done > '${folder}/given'\n`);
  chmodSync(file, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  return { given: () => readFileSync(join(folder, 'given'), 'utf8').split('\0').slice(0, -1) };
}

test.skipIf(process.platform === 'win32')('a title is no option, and a body no markup, for notify-send', async () => {
  const { given } = systemWith('notify-send');
  expect(await showOnDesktop(message, 'linux')).toBe(true);
  expect(given()).toEqual([
    '--app-name=Holdshort',
    '--',
    message.title,
    'Target: &lt;a href="https://evil.example"&gt;&amp;\nWhere: here',
  ]);
});

test.skipIf(process.platform === 'win32')('what is shown is no part of the script for osascript', async () => {
  const { given } = systemWith('osascript');
  expect(await showOnDesktop(message, 'darwin')).toBe(true);
  const [scripts, shown] = [given().slice(0, 6).join(' '), given().slice(6)];
  expect(scripts).not.toContain('evil.example');
  expect(shown).toEqual(['--', message.title, 'Target: <a href="https://evil.example">&\nWhere: here']);
});

test('a system without one shows nothing, and that is no failure', async () => {
  vi.stubEnv('PATH', '/nowhere');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await showOnDesktop(message, 'linux')).toBe(false);
  expect(await showOnDesktop(message, 'win32')).toBe(false);
});
