import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../scenes/front-door.ts';

const MOST_BYTES = 50e6;
const NO_REGISTRY = 'npm reaches no registry from here';

const folder = mkdtempSync(join(tmpdir(), 'holdshort-packed-'));
const installed = join(folder, 'node_modules', 'holdshort');
let install: { failed: boolean; stderr: string };

beforeAll(async () => {
  // Without scripts: the checkout's dist/ is the one that the other tests run at this moment.
  const packed = await npm(process.cwd(), 'pack', '--ignore-scripts', '--json', '--pack-destination', folder);
  expect(packed.failed, packed.stderr).toBe(false);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  install = await npm(folder, 'install', '--omit=dev', '--prefer-offline', '--no-audit', join(folder, archive));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach((context) => {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED/.test(install.stderr)) context.skip(NO_REGISTRY);
});

describe('what is packed, installed for production', () => {
  test('installs without a warning, and has no script that could run then', () => {
    // What npm thinks of the machine's own settings isn't about the package.
    const said = install.stderr.split('\n').filter((line) => line !== '' && !/ Unknown \w+ config /.test(line));
    expect({ failed: install.failed, said }).toEqual({ failed: false, said: [] });
    const { scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(Object.keys(scripts)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(pre|post)?install$|^prepare$/)]),
    );
  });

  test('takes at most 50 MB, and brings no pictures', () => {
    const files = filesIn(join(folder, 'node_modules'));
    expect(files.reduce((bytes, file) => bytes + statSync(file).size, 0)).toBeLessThanOrEqual(MOST_BYTES);
    expect(files.filter((file) => file.startsWith(installed) && /\.(png|jpe?g|svg|gif)$/.test(file))).toEqual([]);
  });

  test('runs the demo, and tells its version', async () => {
    const cli = join(installed, 'dist', 'cli.js');
    const env = { PATH: process.env.PATH ?? '', HOME: folder, HOLDSHORT_HOME: join(folder, 'home'), CI: 'true' };
    expect(await run([cli, '--version'], env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^holdshort \d/),
    });
    const demo = await run([cli, 'demo'], env);
    expect(demo.stdout).toContain('Every step came out as expected');
    expect(demo.code).toBe(0);
  });

  test("compares templates by AWS's specification, which travels with it", async () => {
    const worker = new Worker(join(installed, 'dist', 'second-opinion', 'lib', 'worker.cjs'));
    const table = (TableName: string) => ({ Type: 'AWS::DynamoDB::Table', Properties: { TableName } });
    const compared = { before: { T: table('a') }, after: { T: table('b') }, logical_ids: ['T'], in_place: {} };
    worker.postMessage({ id: 1, ...compared });
    const [answer] = await once(worker, 'message');
    await worker.terminate();
    expect(answer).toMatchObject({ id: 1, opinions: [{ logical_id: 'T', effect: 'replace' }] });
  });

  test('names the licence of each package that is bundled', () => {
    const licences = readFileSync(join(installed, 'dist', 'LICENSES.txt'), 'utf8');
    for (const name of ['@aws-sdk/client-ec2', '@modelcontextprotocol/server', '@aws-cdk/cloudformation-diff', 'zod'])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });
});

function npm(cwd: string, ...args: readonly string[]): Promise<{ failed: boolean; stderr: string }> {
  return new Promise((resolve) => {
    execFile('npm', args, { cwd }, (error, _, stderr) => resolve({ failed: error !== null, stderr }));
  });
}

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
