import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { POLICY_ACTIONS } from '../../src/commands/installation.ts';
import { policyText } from '../../src/policy/default.ts';
import { done } from '../scenes/here.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/*
 * Whether a ticket may run is verified by a process that has nothing of the executor: no AWS, no tool, no list of what
 * was begun, no key; the record is only read. It comes to the same as the executor's own gate, and believes no row.
 */

interface Verdict {
  readonly kind: string;
  readonly approvers?: readonly string[];
  readonly code?: string;
}

let scene: Scene;
let volumes: readonly string[];

beforeAll(async () => {
  scene = await setScene(
    { volumes: Array.from({ length: 7 }, () => ({})) },
    { approvers: ['ann', 'bob'], latencyMs: 0 },
  );
  const { Volumes = [] } = await scene.ec2.send(new DescribeVolumesCommand({}));
  volumes = Volumes.map(({ VolumeId = '' }) => VolumeId);
}, 60_000);
afterAll(async () => await scene[Symbol.asyncDispose]());

const asked = (at: number) => scene.ask('ec2_delete_volume', { volume_id: volumes[at] ?? '' });
const approved = (at: number) => scene.approved('ec2_delete_volume', { volume_id: volumes[at] });

const yes = ({ digest }: { readonly digest: string }, by: string) => ['--yes', '--digest', digest, '--as', by];

/** A verifying process with a folder of its own. */
function alone(root?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'holdshort-alone-'));
  const keys = join(folder, 'keys');
  mkdirSync(keys, { mode: 0o700 });
  const file = join(keys, 'root.json');
  if (root === undefined) copyFileSync(join(scene.place.home, 'keys', 'root.json'), file);
  else writeFileSync(file, root, { mode: 0o600 });
  const given = { database: scene.place.database, folder: keys, text: policyText('key'), actions: POLICY_ACTIONS };
  const program = join(import.meta.dirname, 'alone-process.ts');
  const child = spawn(process.execPath, [program, JSON.stringify(given)], {
    ...{ env: {}, stdio: ['pipe', 'pipe', 'inherit'] },
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    async of(id: string): Promise<Verdict> {
      child.stdin!.write(`${id}\n`);
      return JSON.parse(String((await lines.next()).value));
    },
    async [Symbol.asyncDispose]() {
      child.stdin!.end();
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

test('what people approved is cleared, with who they are; what nobody decided is not, whatever its row says', async () => {
  const [good, waiting, forged] = [await approved(0), await asked(1), await asked(2)];
  await using verifier = alone();
  expect(await verifier.of(good.id)).toEqual({ kind: 'go', approvers: ['ann'] });
  expect((await verifier.of(waiting.id)).kind).not.toBe('go');
  const database = new Sqlite(scene.place.database);
  database.prepare("UPDATE ticket SET state = 'approved' WHERE id = ?").run(forged.id);
  database.close();
  expect(await verifier.of(forged.id)).toMatchObject({ kind: 'stop', code: 'tampered' });
});

test('what is taken back, denied or halted after it was approved is not cleared', async () => {
  const [taken, denied, halted] = [await approved(3), await approved(4), await approved(5)];
  await using verifier = alone();
  expect((await verifier.of(taken.id)).kind).toBe('go');
  await done(scene.place, 'approve', taken.id, '--withdraw', ...yes(taken, 'ann'));
  expect(await verifier.of(taken.id)).toMatchObject({ kind: 'stop' });
  await done(scene.place, 'deny', denied.id, '--reason', 'not this one', ...yes(denied, 'bob'));
  expect((await verifier.of(denied.id)).kind).not.toBe('go');
  await done(scene.place, 'halt', '--reason', 'a test', '--as', 'bob');
  expect(await verifier.of(halted.id)).toMatchObject({ kind: 'wait', code: 'halted' });
  await done(scene.place, 'resume', '--as', 'ann');
  expect((await verifier.of(halted.id)).kind).toBe('go');
});

test('it goes by the first key that is pinned in its own folder, and by no other', async () => {
  const good = await approved(6);
  const root = JSON.stringify({
    ...{ format: 'holdshort/root/v1', name: 'ann', key: `SHA256:${'A'.repeat(43)}` },
    pinned_at: '2026-01-01T00:00:00.000Z',
  });
  await using verifier = alone(root);
  expect((await verifier.of(good.id)).kind).toBe('stop');
});
