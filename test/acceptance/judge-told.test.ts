import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place } from '../scenes/front-door.ts';

/** What `judge` is told beside the templates: by options, and by the configuration. */

let cloud: Cloud;
let place: Place;
let folder: string;

beforeAll(async () => {
  // Nothing may ask it anything.
  cloud = await startCloud();
  place = makePlace({ endpoint: cloud.endpoint });
  folder = mkdtempSync(join(tmpdir(), 'holdshort-judge-'));
});
afterAll(async () => {
  expect(await cloud.requests()).toEqual([]);
  rmSync(folder, { recursive: true });
  await place[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

let files = 0;

function file(template: object | string): string {
  files += 1;
  const path = join(folder, `template-${files}`);
  writeFileSync(path, typeof template === 'string' ? template : JSON.stringify(template));
  return path;
}

const queue = (properties: object = {}) => ({
  Resources: { Jobs: { Type: 'AWS::SQS::Queue', Properties: properties } },
});

const decisions = ({ verdicts }: { verdicts: { environment: string; decision: string }[] }) =>
  verdicts.map(({ environment, decision }) => `${environment} ${decision}`);

test('a default that changes is judged as taken, and it is said who keeps the old one', async () => {
  const waits = (Default: number) =>
    file({
      Parameters: { Wait: { Type: 'Number', Default } },
      ...queue({ VisibilityTimeout: { Ref: 'Wait' } }),
    });
  const [old, later] = [waits(60), waits(5)];
  expect(await place.json(['judge', old, later])).toMatchObject({
    effects: ['disrupt', 'modify'],
    defaults_changed: ['Wait'],
  });
  expect((await place.cli(['judge', old, later])).stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /as if they took their new default: Wait\. .*--parameter NAME=VALUE judges that/,
  );
  expect(await place.json(['judge', old, later, '--parameter', 'Wait=60'])).toMatchObject({ outcome: 'same' });
  expect(await place.json(['judge', old, later, '--old-parameter', 'Wait=7'])).toMatchObject({ outcome: 'same' });
  const given = ['--old-parameter', 'Wait=7', '--parameter', 'Wait=6'];
  expect(await place.json(['judge', old, later, ...given])).toMatchObject({
    defaults_changed: [],
    impact: [{ detail: expect.stringContaining('7 becomes 6') }, {}],
  });
  expect(await place.cli(['judge', old, later, '--old-parameter', 'Wiat=7'])).toMatchObject({ code: 2 });
});

test('what is known of things elsewhere, and where a stack counts, the configuration says', async () => {
  const role = 'arn:aws:iam::111122223333:role/app';
  const code = { Runtime: 'python3.12', Handler: 'a.b', Role: role, Code: { ZipFile: 'x=1' } };
  const [old, later] = [128, 256].map((MemorySize) =>
    file({ Resources: { F: { Type: 'AWS::Lambda::Function', Properties: { ...code, MemorySize } } } }),
  );
  const config = (...lines: readonly string[]) =>
    file(['environments:', '  - { name: development, match: { stack_names: ["dev-*"] } }', ...lines].join('\n'));
  const [plain, settled] = [config(), config('known:', `  - { id: "${role}", environment: development }`)];
  const judged = async (configuration: string, ...more: readonly string[]) =>
    await place.json(['--config', configuration, 'judge', old ?? '', later ?? '', ...more]);
  expect(decisions(await judged(plain, '--environment', 'development'))).toEqual(['development hold']);
  const known = await judged(settled, '--environment', 'development');
  expect(decisions(known)).toEqual(['development allow']);
  expect(known.impact[0].detail).toMatch(/acts as \S+; whose it is, known: in the configuration says/);
  expect(decisions(await judged(settled, '--stack', 'dev-shop'))).toEqual(['development allow']);
  expect(decisions(await judged(plain, '--stack', 'dev-shop'))).toEqual(['development hold']);
  expect(decisions(await judged(settled, '--stack', 'shop'))).toEqual(['production hold']);
  for (const wrong of [
    ['--stack', 'dev-shop', '--environment', 'development'],
    ['--stack', '-shop'],
  ])
    expect((await place.cli(['judge', old ?? '', ...wrong])).code, wrong.join(' ')).toBe(2);
});

test('a loop runs over the default that a list takes, so that what is no longer in it is deleted', async () => {
  const loop = (Default: string) =>
    file({
      Transform: 'AWS::LanguageExtensions',
      Parameters: { Names: { Type: 'CommaDelimitedList', Default } },
      Resources: {
        'Fn::ForEach::Queues': ['Name', { Ref: 'Names' }, { '${Name}Queue': queue().Resources.Jobs }],
      },
    });
  const [old, later] = [loop('raw,audit'), loop('raw')];
  expect(await place.json(['judge', old, later])).toMatchObject({
    effects: ['delete', 'modify'],
    impact: expect.arrayContaining([expect.objectContaining({ resource: 'auditQueue', effect: 'delete' })]),
  });
  expect(await place.json(['judge', old, later, '--parameter', 'Names=raw,audit'])).toMatchObject({ outcome: 'same' });
});

test('of a change that does several things it is said which of them is held', async () => {
  const topic = { Resources: { Told: { Type: 'AWS::SNS::Topic' } } };
  const pair = [file(queue()), file(topic)];
  const { stdout } = await place.cli(['judge', ...pair]);
  expect(stdout).toMatch(/development +held: 1 approval; for delete\n/);
  // Everything is held there, what is harmless too.
  expect(stdout).toMatch(/production +held: 1 approval with a passkey or security key, not the operator's\n/);
  const { verdicts } = await place.json(['judge', ...pair, '--environment', 'development']);
  expect(verdicts).toMatchObject([{ held_for: ['delete'] }]);
});

test('what nobody judged is told beside a change that AWS alone calls doubtful', async () => {
  const database = (more: object) =>
    file({ Resources: { D: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres', ...more } } } });
  const [old, later] = [
    database({ BackupRetentionPeriod: 7, NewThing: 'a' }),
    database({ BackupRetentionPeriod: 14, NewThing: 'b' }),
  ];
  expect(await place.json(['judge', old, later])).toMatchObject({
    effects: ['unjudged'],
    impact: [{ detail: expect.stringContaining('NewThing changes in place') }],
  });
});
