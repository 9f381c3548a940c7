import { existsSync, readFileSync } from 'node:fs';
import { CreateTagsCommand, DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TOOLS } from '../../tools/index.ts';
import { everyChange, SEED } from '../executor/every-change.ts';
import { REASON } from '../scenes/front-door.ts';
import { here } from '../scenes/here.ts';
import { pageAbout } from '../scenes/page-process.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/* Someone put secrets into the tags of everything there is: under a telling name, and a key's id under any name. */

const SECRETS = ['correct-horse-battery', 'AKIAIOSFODNN7EXAMPLE'];
const TAGS = { DB_PASSWORD: SECRETS[0] ?? '', note: `key ${SECRETS[1]}` };

let scene: Scene;
/** Everything that was shown or answered, by where. */
const shown = new Map<string, string>();

beforeAll(async () => {
  const tagged = <T extends { tags?: Record<string, string> | undefined }>(all: readonly T[] = []) =>
    all.map((one) => ({ ...one, tags: { ...one.tags, ...TAGS } }));
  const { stacks, instances, addresses, ...rest } = SEED;
  scene = await setScene(
    {
      ...rest,
      stacks: tagged(stacks),
      instances: tagged(instances),
      addresses: tagged(addresses),
    },
    { latencyMs: 1 },
  );
  const changes = await everyChange(scene);
  const ids = JSON.stringify(changes.map(({ args }) => args)).match(/"(vol|snap|ami|sg|vpc|subnet)-[0-9a-f]+"/g) ?? [];
  const Resources = [...new Set(ids)].map((id) => JSON.parse(id) as string);
  const Tags = Object.entries(TAGS).map(([Key, Value]) => ({ Key, Value }));
  await scene.ec2.send(new CreateTagsCommand({ Resources, Tags }));
  for (const { name, kind } of TOOLS.filter((tool) => tool.kind === 'read')) {
    const args =
      /stack|template|change_set/.test(name) && !/list_(stacks|exports)/.test(name) ? { stack_name: 'policed' } : {};
    shown.set(`${kind} ${name}`, JSON.stringify(await scene.agent.call(name, args)));
  }
  for (const { tool, args } of changes) {
    const answer = await scene.agent.call(tool, { ...args, reason: REASON });
    expect(answer.ticket, `${tool}: ${JSON.stringify(answer)}`).toBeDefined();
    shown.set(`change ${tool}`, JSON.stringify(answer));
    shown.set(
      `tickets show after ${tool}`,
      (await here(scene.place, ['tickets', 'show', answer.ticket.id, '--json'])).stdout,
    );
  }
}, 180_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

function expectNoSecret(where: string, text: string): void {
  for (const secret of SECRETS) expect(text.includes(secret), `${where} has ${secret}`).toBe(false);
}

test('B13: no tool shows a secret in a tag, whatever it is a tag of, and every change was asked for', () => {
  const asked = TOOLS.filter(({ kind }) => kind === 'read' || kind === 'change').map(
    ({ kind, name }) => `${kind} ${name}`,
  );
  expect(asked.filter((name) => !shown.has(name))).toEqual([]);
  for (const [where, text] of shown) expectNoSecret(where, text);
  // They are there to be shown.
  for (const kind of ['instances', 'volumes', 'snapshots', 'images', 'security_groups', 'addresses'])
    expect(shown.get(`read ec2_describe_${kind}`), kind).toContain('[hidden:secret]');
  expect(shown.get('read cloudformation_describe_stack')).toContain('[hidden:secret]');
});

test('B13: none is in a stored plan or in the log, and the page shows none', async () => {
  const [ticket] = scene.rows("SELECT id FROM ticket WHERE tool = 'ec2_terminate_instances'");
  expect(scene.rows('SELECT plan FROM ticket').length).toBeGreaterThan(20);
  for (const suffix of ['', '-wal'])
    if (existsSync(scene.place.database + suffix))
      expectNoSecret(`the database${suffix}`, readFileSync(scene.place.database + suffix, 'latin1'));
  const { list, page } = await pageAbout(scene.place, ticket?.id ?? '');
  expect(page).toContain('TerminateInstances');
  expectNoSecret('the page', list + page);
});

test('B13: an agent puts none there, and what it tried to put is not in the log', async () => {
  const { Tags: [first] = [] } = await scene.ec2.send(new DescribeTagsCommand({}));
  for (const tags of [{ SERVICE_TOKEN: 'by-the-agent-1' }, { any: 'postgres://u:by-the-agent-1@db' }]) {
    const calls = [
      scene.agent.call('ec2_create_tags', { resources: [first?.ResourceId], tags, reason: REASON }),
      scene.agent.call('ec2_create_volume', { availability_zone: 'eu-west-1a', size: 8, tags, reason: REASON }),
      scene.agent.call('cloudformation_deploy_stack', {
        stack_name: 'policed',
        use_previous_template: true,
        tags,
        reason: REASON,
      }),
    ];
    for (const answer of await Promise.all(calls)) expect(answer.refusal).toMatchObject({ code: 'invalid_input' });
  }
  for (const suffix of ['', '-wal'])
    expect(readFileSync(scene.place.database + suffix, 'latin1').includes('by-the-agent-1')).toBe(false);
});
