import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON } from '../scenes/front-door.ts';

/** `judge` tells the verdict of two templates, with nothing but the templates. */

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

const queue = (properties: object = {}, more: object = {}) => ({
  Resources: { Jobs: { Type: 'AWS::SQS::Queue', Properties: properties }, ...more },
});

const database = (name: string) => `
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceIdentifier: ${name}
      Engine: postgres
      DBInstanceClass: db.m6g.large
      AllocatedStorage: "500"
      MasterUsername: shop
      MasterUserPassword: "{{resolve:secretsmanager:shop}}"
`;

const decisions = ({ verdicts }: { verdicts: { environment: string; decision: string }[] }) =>
  verdicts.map(({ environment, decision }) => `${environment} ${decision}`);

test('a rename that replaces a database is held everywhere, and the lines say why', async () => {
  const [old, renamed] = [file(database('orders')), file(database('shop-orders'))];
  const { code, stdout } = await place.cli(['judge', old, renamed]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/replace 1/);
  expect(stdout).toMatch(/replace +Orders +AWS::RDS::DBInstance/);
  expect(stdout).toMatch(/DBInstanceIdentifier: "orders" -> "shop-orders"/);
  expect(stdout).toMatch(/development +held: 1 approval\n/);
  expect(stdout).toMatch(/production +held: 1 approval with a passkey or security key, not the operator's\n/);
  const data = await place.json(['judge', old, renamed, '--environment', 'staging']);
  expect(data).toMatchObject({ outcome: 'judged', effects: ['replace'], policy: 'default' });
  expect(data.impact).toMatchObject([{ resource: 'Orders', effect: 'replace' }]);
  expect(data.verdicts).toEqual([
    {
      environment: 'staging',
      counts_as: 'staging',
      decision: 'hold',
      requirement: { approvals: 1, assurance: 'key', operator_may_approve: true },
      held_for: ['replace'],
    },
  ]);
});

test('an option takes one value each time it is given, and leaves the templates after it', async () => {
  const [old, renamed] = [file(database('orders')), file(database('shop-orders'))];
  const told = async (...args: string[]) => {
    const { verdicts } = await place.json(['judge', ...args]);
    return verdicts.map(({ environment }: { environment: string }) => environment);
  };
  expect(await told('--environment', 'staging', old, renamed)).toEqual(['staging']);
  const two = ['--environment', 'production', '--environment', 'development'];
  expect(await told(...two, old, renamed)).toEqual(['production', 'development']);
  expect(await place.cli(['judge', '--environment', 'mars', old, renamed])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Allowed choices are sandbox, development, staging, production.'),
  });
});

test('the same two templates give the same answer, line by line', async () => {
  const template = (size: number) => {
    const numbered = Array.from({ length: 10 }, (_, at): readonly [string, object][] => [
      [`Jobs${at}`, { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: size } }],
      [`Group${at}`, { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: `${size}`, VpcId: 'vpc-1' } }],
      [`Web${at}`, { Type: 'AWS::EC2::Instance', Properties: { SecurityGroupIds: [{ Ref: `Group${at}` }] } }],
      [`Logs${size}x${at}`, { Type: 'AWS::Logs::LogGroup' }],
    ]);
    return file({ Resources: Object.fromEntries(numbered.flat()) });
  };
  const [old, other] = [template(30), template(60)];
  const first = await place.json(['judge', old, other]);
  const effects = first.impact.map(({ effect }: { effect: string }) => effect);
  expect(effects.length).toBeGreaterThanOrEqual(40);
  expect([...new Set(effects)]).toEqual(first.effects);
  const names = first.impact.map(({ effect, resource }: Record<string, string>) => `${effect} ${resource}`);
  // Of one effect what holds data comes first, then by name.
  const replaced = ['Web', 'Group'].flatMap((kind) => Array.from({ length: 10 }, (_, at) => `replace ${kind}${at}`));
  expect(names.filter((name: string) => name.startsWith('replace'))).toEqual(replaced);
  for (let again = 0; again < 3; again++) expect(await place.json(['judge', old, other])).toEqual(first);
});

test('it is the verdict that an agent gets', async () => {
  const before = queue({ VisibilityTimeout: 30 }, { Store: { Type: 'AWS::S3::Bucket' } });
  const after = queue({ VisibilityTimeout: 60, QueueName: 'jobs' });
  const real = await startCloud({ stacks: [{ name: 'dev-jobs', template: before }] });
  const config = 'environments: [{ name: development, match: { stack_names: ["dev-*"] } }]\n';
  const other = makePlace({ endpoint: real.endpoint, config });
  try {
    const agent = await other.agent(['--no-executor']);
    const answer = await agent.call('cloudformation_deploy_stack', {
      ...{ stack_name: 'dev-jobs', template_body: JSON.stringify(after), reason: REASON },
    });
    const judged = await other.json(['judge', file(before), file(after), '--environment', 'development']);
    const told = (lines: { effect: string; type: string; detail: string }[]) =>
      lines.map(({ effect, type, detail }) => `${effect} ${type} ${detail}`);
    expect(told(judged.impact)).toEqual(told(answer.plan.impact));
    expect(judged.verdicts[0].requirement).toEqual(answer.ticket.requirement);
  } finally {
    await other[Symbol.asyncDispose]();
    await real[Symbol.asyncDispose]();
  }
});

test('tags on which nothing rests, by the configuration, run where others are held', async () => {
  const tagged = (tags: Record<string, string>) =>
    file(queue({ Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }));
  const [old, owned, moved] = [
    tagged({ Owner: 'ann', env: 'dev' }),
    tagged({ Owner: 'bob', env: 'dev' }),
    tagged({ Owner: 'bob', env: 'prod' }),
  ];
  const config =
    'environments: [{ name: staging, match: { tags: { env: prod } } }]\ntags: { without_effect: [Owner] }\n';
  await using listed = makePlace({ endpoint: cloud.endpoint, config });
  const verdict = async (where: Place, next: string) =>
    decisions(await where.json(['judge', old, next, '--environment', 'development']));
  expect(await verdict(place, owned)).toEqual(['development hold']);
  expect(await verdict(listed, owned)).toEqual(['development allow']);
  expect(await verdict(listed, moved)).toEqual(['development hold']);
  const { stdout } = await place.cli(['judge', old, owned]);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'nothing rests on "Owner", the configuration can say so: tags.without_effect',
  );
  // By what rules of environments are matched, nobody can list.
  expect((await listed.cli(['judge', old, moved])).stdout).not.toContain('tags.without_effect');
});

test('one template alone is a first deployment; so is one after an empty one; - is stdin', async () => {
  const template = file(queue());
  const alone = await place.json(['judge', template]);
  expect(alone).toMatchObject({ old: null, new: template, effects: ['create'] });
  expect(decisions(alone)).toEqual(['development allow', 'staging allow', 'production hold']);
  expect((await place.json(['judge', file(''), template])).impact).toEqual(alone.impact);
  const { stdout } = await place.cli(['judge', '-', template], {
    input: JSON.stringify(queue({ ReceiveMessageWaitTimeSeconds: 5 })),
  });
  expect(stdout).toMatch(/^- -> .*:\s+modify 1/);
});

test('nothing changes where only a description does', async () => {
  const [old, described] = [file(queue()), file({ Description: 'jobs', ...queue() })];
  expect(await place.json(['judge', old, old])).toMatchObject({ outcome: 'same' });
  expect((await place.cli(['judge', old, old])).stdout).toMatch(/nothing changes\n$/);
  expect(await place.json(['judge', old, described])).toMatchObject({ outcome: 'same' });
});

test('parameters have what is given, else their default, else something that stands in for it', async () => {
  const template = (more: object = {}) => ({
    Parameters: {
      Vpc: { Type: 'AWS::EC2::VPC::Id', AllowedPattern: 'vpc-real' },
      Delay: { Type: 'Number', Default: 1 },
    },
    Resources: {
      Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'web', VpcId: { Ref: 'Vpc' } } },
      ...queue({ ReceiveMessageWaitTimeSeconds: { Ref: 'Delay' }, ...more }).Resources,
    },
  });
  const [old, later] = [file(template()), file(template({ VisibilityTimeout: 90 }))];
  const judged = await place.json(['judge', old, later]);
  expect(judged.impact).toMatchObject([{ resource: 'Jobs', effect: 'modify' }]);
  expect(judged.parameters_stood_in).toEqual({ Vpc: 'vpc-00000000000000000' });
  const given = await place.json(['judge', old, later, '--parameter', 'Vpc=vpc-1', '--parameter', 'Delay=7']);
  expect(given.parameters_stood_in).toEqual({});
  expect(await place.cli(['judge', old, later, '--parameter', 'Dealy=7'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/no template has a parameter Dealy\n.*Vpc, Delay/),
  });
  expect(await place.cli(['judge', old, later, '--parameter', 'Delay'])).toMatchObject({ code: 2 });
});

test('where it is deployed decides what its conditions come to', async () => {
  const other = (Condition?: string) => ({ Other: { Type: 'AWS::SQS::Queue', ...(Condition && { Condition }) } });
  const here = { 'Fn::Equals': [{ 'Fn::Sub': `\${AWS::AccountId} \${AWS::Region}` }, '123456789012 eu-west-1'] };
  const [before, after] = [file(queue({}, other())), file({ Conditions: { Here: here }, ...queue({}, other('Here')) })];
  expect(await place.json(['judge', before, after])).toMatchObject({ effects: ['delete'] });
  const there = ['--account', '123456789012', '--region', 'eu-west-1'];
  expect(await place.json(['judge', ...there, before, after])).toMatchObject({ outcome: 'same' });
  for (const wrong of [
    ['--account', '1234'],
    ['--region', 'cn-north-1'],
    ['--region', 'us-gov-west-1'],
    ['--region', 'Ireland'],
  ])
    expect((await place.cli(['judge', ...wrong, before, after])).code, wrong.join(' ')).toBe(2);
});

test('what other stacks export, and types that AWS does not publish, are no reason to fail; of the latter nothing is known', async () => {
  const template = (zone: string) =>
    queue(
      { KmsMasterKeyId: { 'Fn::ImportValue': 'shared-key' } },
      { Name: { Type: 'Acme::DNS::Record', Properties: { Zone: zone } }, Meta: { Type: 'AWS::CDK::Metadata' } },
    );
  const judged = await place.json(['judge', file(template('a')), file(template('b'))]);
  expect(judged.impact).toMatchObject([{ resource: 'Name', effect: 'unknown' }]);
});

test('of a nested stack whose template is not here, only that something changes is known', async () => {
  const nested = (size: string) =>
    queue(
      {},
      {
        Net: {
          Type: 'AWS::CloudFormation::Stack',
          Properties: { TemplateURL: 'https://templates.example/net.yaml', Parameters: { Size: size } },
        },
      },
    );
  expect(await place.json(['judge', file(nested('1')), file(nested('1'))])).toMatchObject({ outcome: 'same' });
  const judged = await place.json(['judge', file(nested('1')), file(nested('2'))]);
  expect(judged.impact).toMatchObject([{ resource: 'Net', effect: 'unknown' }]);
});

test('templates are as large as those that AWS takes from S3', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [
      `Queue${index}`,
      { Type: 'AWS::SQS::Queue', Metadata: { for: 'x'.repeat(400) }, Properties: { ReceiveMessageWaitTimeSeconds: 1 } },
    ]),
  );
  const judged = await place.json([
    'judge',
    file({ Resources: many }),
    file({ Resources: { ...many, ...queue().Resources } }),
  ]);
  expect(judged.impact).toMatchObject([{ resource: 'Jobs', effect: 'create' }]);
});

test('what only AWS can work out is not judged, and the exit code says so', async () => {
  const sam = 'Transform: AWS::Serverless-2016-10-31\nResources: { Api: { Type: AWS::Serverless::Api } }';
  const ran = await place.cli(['judge', file(sam)]);
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toMatch(
    /can't be judged offline: .*AWS::Serverless-2016-10-31.*\n.*--template-stage Processed.*--change-set-name/,
  );
  const broken = await place.cli([
    'judge',
    file({ Resources: { A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'B' } } } } }),
  ]);
  expect(broken).toMatchObject({ code: 1, stderr: expect.stringMatching(/Unresolved resource dependencies \[B\]/) });
});

test('what is no template, or not there, is wrong usage', async () => {
  const template = file(queue());
  for (const args of [[], [file('[]')], [join(folder, 'none')], [template, template, template], ['-', '-']]) {
    const ran = await place.cli(['judge', ...args]);
    expect(ran, args.join(' ')).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).not.toMatch(/^\s+at /m);
  }
});

test('by the policy that is configured; and nothing is left behind', async () => {
  const own = makePlace({ config: 'policy: ./own.cedar\n' });
  try {
    writeFileSync(join(own.home, 'own.cedar'), 'permit (principal, action in Action::"read", resource);\n');
    const before = readdirSync(own.home).sort();
    const judged = await own.json(['judge', file(queue())]);
    expect(decisions(judged)).toEqual(['development refuse', 'staging refuse', 'production refuse']);
    expect(judged.policy).toBe(join(own.home, 'own.cedar'));
    expect(readdirSync(own.home).sort()).toEqual(before);
  } finally {
    await own[Symbol.asyncDispose]();
  }
});
