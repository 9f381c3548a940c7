import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';
import { makePlace, until } from '../scenes/front-door.ts';

test('a server whose executor can not be loaded says so, and goes on answering its agent', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdshort-replaced-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['dist', 'package.json']) cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  // As where another version was put in its place a moment after it was started.
  const chunks = join(folder, 'dist', 'chunks');
  for (const name of readdirSync(chunks)) if (name.startsWith('executor-')) rmSync(join(chunks, name));
  await using place = makePlace();
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(folder, 'dist', 'cli.js'), 'serve'],
    env: place.env,
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (chunk) => (said += chunk));
  const client = new Client({ name: 'replaced', version: '1.0.0' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  await until(
    () => said,
    (text) => text.includes('the executor could not be started'),
  );
  expect(said).toContain('run `holdshort executor`');
  const answer = await client.callTool({ name: 'ticket_list', arguments: {} });
  expect(answer.structuredContent, JSON.stringify(answer)).toMatchObject({ tickets: [] });
});
