import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { makePlace } from '../scenes/front-door.ts';

/** `judge --git` tells the verdicts of a history; the repository is read, and nothing in it is run. */

const place = makePlace();
afterAll(async () => await place[Symbol.asyncDispose]());

const DAY_S = 86_400;

interface Repository {
  readonly folder: string;
  git(...args: string[]): string;
  write(file: string, template: object | string): void;
  /** Commits everything that is there. */
  commit(subject: string, daysAgo?: number): string;
}

function repository(): Repository {
  const folder = mkdtempSync(join(tmpdir(), 'holdshort-history-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  let now = Math.floor(Date.now() / 1000) - DAY_S;
  const git = (...args: string[]) => {
    const date = `${now} +0000`;
    const own = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, GIT_CONFIG_NOSYSTEM: '1', HOME: place.home };
    const who = ['-c', 'user.name=dana', '-c', 'user.email=dana@example.com'];
    return execFileSync('git', [...who, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', ...own },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  };
  git('init', '-q', '-b', 'main');
  return {
    folder,
    git,
    write(file, template) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), typeof template === 'string' ? template : JSON.stringify(template));
    },
    commit(subject, daysAgo) {
      now = daysAgo === undefined ? now + 60 : Math.floor(Date.now() / 1000) - daysAgo * DAY_S;
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', subject);
      return git('rev-parse', 'HEAD').trim();
    },
  };
}

const table = (name: string) => ({
  Resources: {
    Orders: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      },
    },
  },
});
const queue = (delay: number) => ({
  Resources: { Jobs: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: delay } } },
});

const told = ({ history }: { history: { subject: string; file: string; outcome: string; effects?: string[] }[] }) =>
  history.map(({ subject, file, outcome, effects }) => `${subject}: ${file} ${effects?.[0] ?? outcome}`);

/** A history with something of everything. */
function shop(): Repository {
  const repo = repository();
  repo.write('infra/queue.yaml', queue(30));
  repo.commit('old', 200);
  repo.write('infra/table.json', table('orders'));
  repo.write('package.json', { Resources: 'none' });
  repo.commit('a table', 3);
  repo.write('infra/queue.yaml', queue(60));
  repo.write('elsewhere/other.yaml', queue(1));
  repo.commit('wait longer');
  mkdirSync(join(repo.folder, 'deploy'));
  renameSync(join(repo.folder, 'infra/table.json'), join(repo.folder, 'deploy/orders.template'));
  repo.commit('move it');
  repo.write('deploy/orders.template', table('shop-orders'));
  repo.commit('a small fix');
  repo.write('infra/queue.yaml', 'Resources: { Jobs: { Type: AWS::SQS::Queue }\n');
  repo.commit('half');
  return repo;
}

test('each commit that changed a template is judged against the one before it, and what was lost is said', async () => {
  const { folder } = shop();
  const data = await place.json(['judge', '--git', folder]);
  expect(told(data)).toEqual([
    'half: infra/queue.yaml not_judged',
    'a small fix: deploy/orders.template replace',
    'move it: deploy/orders.template same',
    'wait longer: elsewhere/other.yaml create',
    'wait longer: infra/queue.yaml modify',
    'a table: infra/table.json create',
  ]);
  expect(data).toMatchObject({ commits: 5, judged: 4, same: 1, not_judged: 1, lost_data: 1, shallow: false });
  expect(data.environments[0]).toEqual({ environment: 'development', run: 3, held: 1, refused: 0 });
  const { code, stdout } = await place.cli(['judge', '--git', folder]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^4 changes: 3 would run, 1 be held, 1 replaced or deleted stored data \(in development\)\.\n/,
  );
  expect(stdout).toMatch(
    /[0-9a-f]{10} {2}\d{4}-\d\d-\d\d {2}deploy\/orders\.template {2}a small fix\n +replace {2}Orders: /,
  );
  expect(stdout).toMatch(/1 could not be judged:\n {2}1 {2}the template can't be read/);
});

test('of a folder what is in it, of a file what it was under its names, and as far back as is asked', async () => {
  const { folder } = shop();
  expect(told(await place.json(['judge', '--git', join(folder, 'elsewhere')]))).toEqual([
    'wait longer: elsewhere/other.yaml create',
  ]);
  expect(told(await place.json(['judge', '--git', join(folder, 'deploy/orders.template')]))).toEqual([
    'a small fix: deploy/orders.template replace',
    'move it: deploy/orders.template same',
    'a table: infra/table.json create',
  ]);
  expect(told(await place.json(['judge', '--git', join(folder, 'infra'), '--since', '1y'])).at(-1)).toBe(
    'old: infra/queue.yaml create',
  );
  const { stdout } = await place.cli(['judge', '--git', folder, '--since', '2999-01-01']);
  expect(stdout).toMatch(/^No template changed /);
});

test('what was merged counts as it was merged', async () => {
  const repo = repository();
  repo.write('queue.yaml', queue(1));
  repo.commit('first');
  repo.git('checkout', '-q', '-b', 'side');
  for (const delay of [2, 3]) {
    repo.write('queue.yaml', queue(delay));
    repo.commit(`to ${delay}`);
  }
  repo.git('checkout', '-q', 'main');
  repo.git('merge', '-q', '--no-ff', '-m', 'merged', 'side');
  expect(told(await place.json(['judge', '--git', repo.folder]))).toEqual([
    'merged: queue.yaml modify',
    'first: queue.yaml create',
  ]);
});

test('of a history that is cut off, the oldest commit made nothing', async () => {
  const { folder } = shop();
  const clone = `${folder}-shallow`;
  onTestFinished(() => rmSync(clone, { recursive: true }));
  execFileSync('git', ['clone', '-q', '--depth', '2', `file://${folder}`, clone], { stdio: 'ignore' });
  const data = await place.json(['judge', '--git', clone]);
  expect(data.shallow).toBe(true);
  expect(told(data)).toEqual(['half: infra/queue.yaml not_judged']);
  expect((await place.cli(['judge', '--git', clone])).stdout).toMatch(/cut off \(a shallow clone\)/);
});

test('hostile names and words stay data', async () => {
  const repo = repository();
  const names = ['--output=x.yaml', ':100644 100644 a b M.yaml', 'a\nb\u{1b}[2J.yaml', '$(touch ran).yaml'];
  for (const [at, name] of names.entries()) repo.write(name, queue(at));
  repo.commit('\u{1b}[2Jall is well\u{202e}');
  const { stdout } = await place.cli(['judge', '--git', repo.folder, '--environment', 'production']);
  expect(stdout).toMatch(/^4 changes: 0 would run, 4 be held/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is looked for
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u0080-\uffff]/);
  const data = await place.json(['judge', '--git', join(repo.folder, names[3] ?? '')]);
  expect(data.history.map(({ file }: { file: string }) => file)).toEqual([names[3]]);
});

test('nothing runs that a repository names: monitors, hooks, drivers, programs, remotes', async () => {
  const repo = repository();
  const ran = join(repo.folder, 'ran');
  const trap = join(repo.folder, '.git', 'trap');
  writeFileSync(trap, `#!/bin/sh\necho "$0 $@" >> '${ran}'\n`);
  chmodSync(trap, 0o755);
  repo.write('.gitattributes', '*.yaml diff=trap filter=trap\n');
  repo.write('queue.yaml', queue(1));
  repo.commit('first');
  repo.write('queue.yaml', queue(2));
  repo.commit('second');
  const before = repo.git('rev-parse', 'HEAD~1:queue.yaml').trim();
  for (const [key, value] of [
    ...['core.fsmonitor', 'core.pager', 'core.editor', 'core.sshCommand', 'gpg.program', 'diff.external'].map((one) => [
      one,
      trap,
    ]),
    ...['diff.trap.textconv', 'diff.trap.command', 'filter.trap.clean', 'filter.trap.smudge'].map((one) => [one, trap]),
    ...['alias.rev-list', 'alias.diff-tree', 'alias.cat-file'].map((one) => [one, `!${trap}`]),
    ['log.showSignature', 'true'],
    ['core.hooksPath', join(repo.folder, '.git')],
    // An object that is missing is fetched from there, through a program of the repository's choice.
    ['remote.origin.url', join(repo.folder, '.git')],
    ['remote.origin.uploadpack', trap],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialclonefilter', 'blob:none'],
    ['extensions.partialClone', 'origin'],
    ['core.repositoryFormatVersion', '1'],
    ['protocol.allow', 'always'],
    ['protocol.file.allow', 'always'],
  ] as [string, string][])
    writeConfig(repo, key, value);
  rmSync(join(repo.folder, '.git/objects', before.slice(0, 2), before.slice(2)), { force: true });
  const data = await place.json(['judge', '--git', repo.folder]);
  expect(existsSync(ran)).toBe(false);
  // What was before is missing: that is said, and it is no first deployment.
  expect(told(data)).toEqual(['second: queue.yaml not_judged', 'first: queue.yaml not_judged']);
  // The trap works: what a person would type falls into it.
  repo.git('status');
  expect(existsSync(ran)).toBe(true);
});

function writeConfig({ folder }: Repository, key: string, value: string): void {
  execFileSync('git', ['config', '--file', join(folder, '.git/config'), key, value]);
}

test('wrong usage, no repository, no commit', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'holdshort-none-'));
  onTestFinished(() => rmSync(empty, { recursive: true }));
  for (const args of [
    ['--git', join(empty, 'none')],
    ['--git', empty, 'template.yaml'],
    ['--git', empty, '--since', 'yesterday'],
    ['--since', '90d', 'template.yaml'],
  ])
    expect(await place.cli(['judge', ...args]), args.join(' ')).toMatchObject({ code: 2, stdout: '' });
  expect(await place.cli(['judge', '--git', empty])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/git can't read/),
  });
  expect(await place.cli(['judge', '--git', repository().folder])).toMatchObject({ code: 1 });
});
