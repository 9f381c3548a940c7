import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { CLI, makePlace, type Place, REASON } from '../scenes/front-door.ts';

/** The MCP Inspector in its command-line mode: how people try a server out, and a client that nobody here wrote. */
const INSPECTOR = resolve('node_modules/@modelcontextprotocol/inspector-cli/build/cli.js');

/** The members of what it prints that these tests look at. */
interface Answer {
  readonly tools: readonly { readonly name: string }[];
  readonly resourceTemplates: readonly object[];
  readonly prompts: readonly object[];
  readonly contents: readonly { readonly text: string }[];
  readonly isError?: boolean;
  readonly structuredContent: {
    readonly instances: readonly { readonly instance_id: string }[];
    readonly ticket: { readonly id: string };
  };
}

let cloud: Cloud;
let place: Place;

beforeAll(async () => {
  cloud = await startCloud({ instances: [{}] });
  place = makePlace({ endpoint: cloud.endpoint });
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

async function inspect(command: 'serve' | 'companion', ...args: readonly string[]): Promise<Answer> {
  const child = spawn(process.execPath, [INSPECTOR, '--cli', process.execPath, CLI, command, ...args], {
    // The server that it starts inherits what the Inspector has.
    env: place.env,
    // It looks for its own package.json from here.
    cwd: dirname(INSPECTOR),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the Inspector ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

describe('the Inspector', { concurrent: true }, () => {
  test('lists the tools', async () => {
    const { tools } = await inspect('serve', '--toolset', 'cloudformation,ec2', '--method', 'tools/list');
    const committed = readdirSync(join(import.meta.dirname, '../surface')).filter((file) => file.endsWith('.json'));
    expect(tools.map(({ name }) => `${name}.json`).sort()).toEqual(committed.sort());
  });

  test('reads, has a change held, and reads its ticket as a resource', async () => {
    const read = await inspect('serve', '--method', 'tools/call', '--tool-name', 'ec2_describe_instances');
    const instance = read.structuredContent.instances[0]!;
    expect(instance).toMatchObject({ state: 'running' });
    const args = [`instance_ids=${JSON.stringify([instance.instance_id])}`, `reason=${REASON}`];
    const call = ['--method', 'tools/call', '--tool-name', 'ec2_terminate_instances', '--tool-arg', ...args];
    const held = await inspect('serve', ...call);
    expect(held.structuredContent).toMatchObject({ outcome: 'pending_approval', ticket: { state: 'pending' } });
    const uri = `holdshort://tickets/${held.structuredContent.ticket.id}`;
    const { contents } = await inspect('serve', '--method', 'resources/read', '--uri', uri);
    expect(JSON.parse(contents[0]!.text)).toEqual(held.structuredContent);
    expect(await cloud.requests('TerminateInstances')).toEqual([]);
  });

  test('lists the template of tickets', async () => {
    const { resourceTemplates } = await inspect('serve', '--method', 'resources/templates/list');
    expect(resourceTemplates).toMatchObject([{ uriTemplate: 'holdshort://tickets/{id}' }]);
  });

  test('shows a refusal as an error result, with what to do', async () => {
    const name = ['--tool-name', 'cloudformation_describe_stack', '--tool-arg', 'stack_name=--all'];
    const refused = await inspect('serve', '--method', 'tools/call', ...name);
    expect(refused).toMatchObject({ isError: true, structuredContent: { refusal: { code: 'invalid_input' } } });
  });

  test('sees the companion, with its prompt', async () => {
    const { prompts } = await inspect('companion', '--method', 'prompts/list');
    expect(prompts).toMatchObject([{ name: 'review' }]);
    const list = await inspect('companion', '--method', 'tools/call', '--tool-name', 'approvals_list');
    expect(list.isError ?? false).toBe(false);
  });
});
