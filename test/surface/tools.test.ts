import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/client';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';
import { type Agent, makePlace } from '../scenes/front-door.ts';

/*
 * What a model is given, as the built command really sends it: one committed file per tool. A change here is a change
 * of what agents rely on, so it has to be seen in review. `UPDATE_SURFACE=1 npx vitest run test/surface && npx biome
 * check --write test/surface` writes the files.
 */

type ListedTool = Awaited<ReturnType<Client['listTools']>>['tools'][number];

const DESCRIPTION_CHARACTERS = 400;
/**
 * Every conversation pays for the list. Counted with o200k_base, a public tokenizer; those of other models differ by
 * some percent.
 */
const ALL_TOKENS = 10_000;

const READS = [
  'cloudformation_describe_change_set',
  'cloudformation_describe_stack',
  'cloudformation_describe_stack_events',
  'cloudformation_detect_stack_drift',
  'cloudformation_get_template',
  'cloudformation_list_exports',
  'cloudformation_list_stack_resources',
  'cloudformation_list_stacks',
  'cloudformation_validate_template',
  'ec2_describe_addresses',
  'ec2_describe_images',
  'ec2_describe_instance_status',
  'ec2_describe_instances',
  'ec2_describe_security_groups',
  'ec2_describe_snapshots',
  'ec2_describe_subnets',
  'ec2_describe_volumes',
  'ec2_describe_vpcs',
  'ec2_get_console_output',
  'ticket_get',
  'ticket_list',
  'ticket_wait',
];
const CHANGES = [
  'cloudformation_cancel_update_stack',
  'cloudformation_continue_update_rollback',
  'cloudformation_delete_stack',
  'cloudformation_deploy_stack',
  'cloudformation_rollback_stack',
  'cloudformation_set_stack_policy',
  'cloudformation_update_termination_protection',
  'ec2_attach_volume',
  'ec2_authorize_security_group_ingress',
  'ec2_create_image',
  'ec2_create_security_group',
  'ec2_create_snapshot',
  'ec2_create_tags',
  'ec2_create_volume',
  'ec2_delete_security_group',
  'ec2_delete_snapshot',
  'ec2_delete_tags',
  'ec2_delete_volume',
  'ec2_deregister_image',
  'ec2_detach_volume',
  'ec2_modify_instance_attribute',
  'ec2_reboot_instances',
  'ec2_release_address',
  'ec2_revoke_security_group_ingress',
  'ec2_run_instances',
  'ec2_start_instances',
  'ec2_stop_instances',
  'ec2_terminate_instances',
  'ticket_restore',
];
/** Changes of which no plan can hurt: a host needn't ask anyone about them. */
const HARMLESS = ['ec2_create_security_group', 'ec2_create_snapshot', 'ec2_start_instances'];
/** Changes that, asked for twice with the same arguments, are made once. */
const ONCE = [
  'cloudformation_deploy_stack',
  'cloudformation_set_stack_policy',
  'cloudformation_update_termination_protection',
  'ec2_authorize_security_group_ingress',
  'ec2_create_tags',
  'ec2_delete_tags',
  'ec2_modify_instance_attribute',
];

const place = makePlace();
const snapshotFile = (name: string) => join(import.meta.dirname, `${name}.json`);
const namesOf = (tools: readonly ListedTool[]) => tools.map(({ name }) => name).sort();
let agent: Agent;
let tools: readonly ListedTool[] = [];

beforeAll(async () => {
  agent = await place.agent();
  tools = (await agent.client.listTools()).tools;
});
afterAll(() => place[Symbol.asyncDispose]());

test('every tool is as committed, and every committed one is there', () => {
  for (const tool of tools) {
    if (process.env.UPDATE_SURFACE === '1')
      writeFileSync(snapshotFile(tool.name), `${JSON.stringify(tool, undefined, 2)}\n`);
    // As text, so that the order of members counts too: it is what a prompt cache sees.
    expect(JSON.stringify(JSON.parse(readFileSync(snapshotFile(tool.name), 'utf8')))).toBe(JSON.stringify(tool));
  }
  const committed = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.json'));
  expect(committed.map((file) => file.replace(/\.json$/, '')).sort()).toEqual(namesOf(tools));
});

test('the list fits its budget', () => {
  for (const { name, description = '', title = '' } of tools) {
    expect(description.length, name).toBeGreaterThan(20);
    expect(description.length, name).toBeLessThanOrEqual(DESCRIPTION_CHARACTERS);
    expect(title.length, name).toBeGreaterThan(0);
    expect(title.length, name).toBeLessThanOrEqual(40);
  }
  expect(countTokens(JSON.stringify(tools))).toBeLessThanOrEqual(ALL_TOKENS);
});

test('D27: what only reads says so, and what can hurt is announced as destructive, and nothing else', () => {
  expect(namesOf(tools)).toEqual([...CHANGES, ...READS, 'ticket_withdraw'].sort());
  for (const { name, annotations } of tools)
    expect(annotations, name).toEqual({
      readOnlyHint: READS.includes(name),
      destructiveHint: CHANGES.includes(name) && !HARMLESS.includes(name),
      idempotentHint: !CHANGES.includes(name) || ONCE.includes(name),
      openWorldHint: !name.startsWith('ticket_') || name === 'ticket_restore',
    });
});

test('every input is strict, at every level', () => {
  for (const { name, inputSchema } of tools) expect(openObjects(inputSchema), name).toEqual([]);
});

test('every change asks for its reason, and no read does', () => {
  for (const { name, inputSchema } of tools) {
    const takesReason = Object.hasOwn(inputSchema.properties ?? {}, 'reason');
    expect(takesReason, name).toBe(CHANGES.includes(name) || name === 'ticket_withdraw');
    if (takesReason) expect(inputSchema.required, name).toContain('reason');
  }
});

test('no tool, and no argument of one, is about consent', async () => {
  const consent =
    /approv|decid|decision|consent|confirm|authori[sz](?!e_security_group)|override|force_|bypass|execute|resume|halt/i;
  for (const { name, inputSchema } of tools) {
    expect(name).not.toMatch(consent);
    for (const argument of Object.keys(inputSchema.properties ?? {})) expect(argument).not.toMatch(consent);
  }
  expect(Object.keys(agent.client.getServerCapabilities() ?? {}).sort()).toEqual(['resources', 'tools']);
});

test('D26: a client that builds its tools from the list alone can call everything that the server has', async () => {
  const listed = namesOf(tools);
  expect(TOOLS.map(({ name }) => name).filter((name) => !listed.includes(name))).toEqual([]);
  const unknown = await agent.call('ec2_paint_instances');
  expect(unknown.refusal.recovery).toContain('tools/list');
});

describe('the list is narrowed by', () => {
  test.each([
    ['--toolset cloudformation', ['--toolset', 'cloudformation'], /^(cloudformation|ticket)_/],
    ['--toolset ec2', ['--toolset', 'ec2'], /^(ec2|ticket)_/],
    ['both toolsets', ['--toolset', 'cloudformation,ec2'], /./],
  ])('%s', async (_what, args, kept) => {
    expect(await listedWith(args)).toEqual(namesOf(tools).filter((name) => kept.test(name)));
  });

  test('--read-only, alone and with a toolset', async () => {
    expect(await listedWith(['--read-only'])).toEqual(READS);
    expect(await listedWith(['--read-only', '--toolset', 'ec2'])).toEqual(
      READS.filter((name) => !name.startsWith('cloudformation_')),
    );
  });

  test('and what is not listed can not be called', async () => {
    const reader = await place.agent(['--read-only']);
    const called = await reader.call('ec2_terminate_instances', {
      instance_ids: ['i-0123456789abcdef0'],
      reason: 'It is not on the list, but perhaps it works.',
    });
    expect(called).toMatchObject({ outcome: 'refused', refusal: { code: 'unknown_tool' } });
    await reader.close();
  });
});

async function listedWith(args: readonly string[]): Promise<readonly string[]> {
  const other = await place.agent(args);
  const listed = await other.client.listTools();
  await other.close();
  return namesOf(listed.tools);
}

/** The paths of objects that take members that nobody named, nor gave a type to. */
function openObjects(schema: unknown, path = ''): readonly string[] {
  if (schema === null || typeof schema !== 'object') return [];
  const { type, additionalProperties } = schema as { type?: unknown; additionalProperties?: unknown };
  const typed =
    typeof additionalProperties === 'object' && additionalProperties !== null && 'type' in additionalProperties;
  const here = type === 'object' && additionalProperties !== false && !(typed && path !== '') ? [path || '/'] : [];
  return [...here, ...Object.entries(schema).flatMap(([key, member]) => openObjects(member, `${path}/${key}`))];
}
