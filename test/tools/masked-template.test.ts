import { existsSync, readFileSync } from 'node:fs';
import { DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REASON } from '../scenes/front-door.ts';
import { NOTHING_HELD, type Scene, setScene } from '../scenes/whole.ts';

/* An agent edits templates as it is shown them, and deploys what came of it. */

const SECRET = 'correct-horse-battery';
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const YAML = `# the db password is: ${SECRET}
Parameters:
  Pin: { Type: String, NoEcho: true, Default: 7770777 }
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/f
      MemorySize: 128
      Environment:
        Variables:
          MODE: a
          DB_PASSWORD: ${SECRET}
          API_TOKEN: !Sub '\${AWS::Region}-${SECRET}'
      Code:
        ZipFile: |
          # token: ${SECRET}
          const key = '${KEY}';
          exports.handler = () => key;
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: web
          Image: web
          Environment:
            - { Name: MODE, Value: a }
            - { Name: DB_PASSWORD, Value: '${SECRET}' }
`;
const JSON_TEMPLATE = JSON.stringify(
  {
    Resources: {
      Db: {
        Type: 'AWS::RDS::DBInstance',
        DeletionPolicy: 'Retain',
        Properties: {
          Engine: 'postgres',
          DBInstanceClass: 'db.t3.micro',
          MasterUsername: 'a',
          MasterUserPassword: `${SECRET}"\\\n`,
        },
      },
    },
  },
  undefined,
  2,
);

/** Whose the functions' role is, which is in no region. */
const OURS = "known: [{ id: 'arn:aws:iam::123456789012:role/f', environment: sandbox }]\n";

let scene: Scene;

beforeAll(async () => {
  const stacks = ['yaml', 'moved', 'twice', 'lost'].map((name) => ({ name, template: YAML }));
  scene = await setScene(
    { stacks: [...stacks, { name: 'json', template: JSON_TEMPLATE }] },
    { config: `${NOTHING_HELD}${OURS}`, serve: [], latencyMs: 2 },
  );
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

async function shownOf(stack_name: string): Promise<string> {
  const { lines } = await scene.agent.call('cloudformation_get_template', { stack_name });
  const text = lines.join('\n');
  for (const secret of [SECRET, KEY, '7770777']) expect(text).not.toContain(secret);
  return text;
}

function deploy(stack_name: string, template_body: string): Promise<any> {
  return scene.agent.call('cloudformation_deploy_stack', { stack_name, template_body, reason: REASON });
}

async function storedIn(StackName: string): Promise<string> {
  return (await scene.cloudformation.send(new GetTemplateCommand({ StackName }))).TemplateBody ?? '';
}

/** Change sets that were asked for. */
async function made(): Promise<number> {
  return (await scene.cloud.requests('CreateChangeSet')).length;
}

async function refused(stack_name: string, template_body: string): Promise<string> {
  const before = await made();
  const { refusal } = await deploy(stack_name, template_body);
  expect(refusal).toMatchObject({
    code: 'invalid_input',
    recovery: expect.stringMatching(/cloudformation_get_template|NoEcho/),
  });
  expect(await made()).toBe(before);
  return refusal.message;
}

describe('a template is deployed as it was shown, with one thing changed', () => {
  test('B9: secrets stay what they are, in YAML, in functions, in lists and within other text', async () => {
    const shown = await shownOf('yaml');
    // An item before the secret one, which so gets another number.
    const edited = shown
      .replace('MemorySize: 128', 'MemorySize: 256')
      .replace('- { Name: MODE, Value: a }', '- { Name: FIRST, Value: b }\n            - { Name: MODE, Value: a }');
    const done = await deploy('yaml', edited);
    expect(done).toMatchObject({ outcome: 'completed' });
    expect(JSON.stringify(done)).not.toMatch(/hidden:changed|loses a hidden value/);
    const stored = await storedIn('yaml');
    expect(stored).toContain('MemorySize: 256');
    const comment = /^# .*$/m;
    // What was in a comment isn't put back; all else is as it was.
    expect(stored.replace(comment, '').match(/correct-horse-battery/g)).toHaveLength(4);
    expect(stored).toContain(`const key = '${KEY}'`);
    expect(stored).toContain('Default: 7770777');
    expect(stored.replace(comment, '')).not.toContain('[hidden:');
    // Nothing of it counts as changed but what was changed.
    const next = await deploy('yaml', (await shownOf('yaml')).replace('MemorySize: 256', 'MemorySize: 512'));
    expect(next, JSON.stringify(next)).toHaveProperty('plan');
    expect(next.plan.impact.flatMap((line: any) => line.properties)).toEqual([
      { name: 'MemorySize', before: '256', after: '512' },
    ]);
  });

  test('B9: the same in JSON, whatever is in the secret, and in YAML made of it', async () => {
    const shown = JSON.parse(await shownOf('json'));
    shown.Resources.Db.Properties.DBInstanceClass = 'db.t3.small';
    expect(await deploy('json', JSON.stringify(shown))).toMatchObject({ outcome: 'completed' });
    expect(JSON.parse(await storedIn('json')).Resources.Db.Properties.MasterUserPassword).toBe(`${SECRET}"\\\n`);
    const { MasterUserPassword: mask } = JSON.parse(await shownOf('json')).Resources.Db.Properties;
    const yaml = `Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    DeletionPolicy: Retain\n    Properties:\n      Engine: postgres\n      DBInstanceClass: db.t3.micro\n      MasterUsername: a\n      MasterUserPassword: '${mask}'\n`;
    expect(await deploy('json', yaml)).toMatchObject({ outcome: 'completed' });
    expect(await storedIn('json')).toContain(JSON.stringify(`${SECRET}"\\\n`));
  });

  test('B9: as it was shown, nothing changed, it is no change', async () => {
    expect((await deploy('twice', await shownOf('twice'))).refusal).toMatchObject({ code: 'no_changes' });
  });
});

describe('a mask is good for its own place alone', () => {
  test('B9: not for an output, a tag, another variable, a name, or a resource of another type', async () => {
    const shown = await shownOf('moved');
    const mask = /DB_PASSWORD: "(.*?)"/.exec(shown)?.[1] ?? '';
    expect(mask).toMatch(/^\[hidden:DB_PASSWORD#/);
    expect(await refused('moved', `${shown}\nOutputs:\n  Show: { Value: '${mask}' }\n`)).toContain(
      'Outputs/Show/Value',
    );
    await refused('moved', shown.replace('MODE: a', `MODE: "${mask}"`));
    await refused('moved', shown.replace('MODE: a', `MODE: "x-${mask}-x"`));
    await refused('moved', shown.replace('MODE: a', `"${mask}": a`));
    await refused('moved', shown.replace('  Fn:\n', '  Other:\n'));
    await refused('moved', shown.replace('AWS::Lambda::Function', 'AWS::SSM::Parameter'));
    await refused('moved', shown.replace('MODE: a', `MODE: "\\u005b${mask.slice(1)}"`));
    await refused('moved', shown.replace(`"${mask}"`, `&x "${mask}"\n          LATER: *x`));
  });

  test('B9: not from another stack, not for a new one, and not where NoEcho is gone', async () => {
    const shown = await shownOf('moved');
    await refused('yaml', shown);
    await refused('brand-new', shown);
    expect(await refused('moved', shown.replace('NoEcho: true, ', ''))).toContain('parameter Pin is NoEcho');
  });

  test('B9: not with other text around it than the stack has', async () => {
    const shown = await shownOf('moved');
    const mask = /DB_PASSWORD: "(.*?)"/.exec(shown)?.[1] ?? '';
    for (const value of [`${mask}x`, `x${mask}`, ` ${mask}`, `${mask}${mask}`, `postgres://u:${mask}@elsewhere`])
      expect(await refused('moved', shown.replace(`"${mask}"`, JSON.stringify(value)))).toContain('text around it');
    // A key within a script: the script could send it anywhere.
    expect(shown).toMatch(/const key = 'AKIA\[hidden:/);
    const edited = shown.replace('=> key;', '=> print(key);');
    expect(await refused('moved', edited)).toContain('text around it');
    const { recovery } = (await deploy('moved', edited)).refusal;
    expect(recovery).toMatch(/or other text around it, take a \{\{resolve:.* or a NoEcho parameter/);
    await refused('moved', shown.replace("= 'AKIA", "= 'BKIA"));
  });

  test("B9: neither AWS's own mask nor one that somebody made up is a value", async () => {
    const shown = await shownOf('moved');
    for (const invented of [
      '****',
      '[hidden:secret]',
      '[hidden:changed]',
      '[hidden:DB_PASSWORD#000000000000]',
      '[hidden:',
    ])
      await refused('moved', shown.replace(/DB_PASSWORD: ".*?"/, `DB_PASSWORD: "${invented}"`));
  });
});

test('B9: a secret that changes is shown as changed, and one that goes as gone; neither is shown', async () => {
  const shown = await shownOf('lost');
  const changed = await deploy('lost', shown.replace(/DB_PASSWORD: ".*?"/, 'DB_PASSWORD: tr0ub4dor'));
  expect(changed.plan.impact[0].properties).toEqual([
    expect.objectContaining({
      before: expect.stringContaining('[hidden:secret]'),
      after: expect.stringContaining('[hidden:changed]'),
    }),
  ]);
  const gone = await deploy('lost', (await shownOf('lost')).replace(/DB_PASSWORD: ".*?"\n/, '\n'));
  expect(gone, JSON.stringify(gone)).toHaveProperty('plan');
  // What it runs with is another, as a role that the template only names.
  expect(gone.plan.impact[0]).toMatchObject({ effect: 'expose' });
  expect(gone.plan.impact[0].detail).toContain('"Environment.Variables.DB_PASSWORD" loses a hidden value');
  for (const suffix of ['', '-wal'])
    if (existsSync(scene.place.database + suffix))
      for (const secret of [SECRET, KEY, 'tr0ub4dor'])
        expect(readFileSync(scene.place.database + suffix, 'latin1').includes(secret)).toBe(false);
});

test('B9: arguments that are no templates take no masks at all', async () => {
  const { Stacks: [stack] = [] } = await scene.cloudformation.send(new DescribeStacksCommand({ StackName: 'moved' }));
  for (const [tool, args] of [
    [
      'cloudformation_deploy_stack',
      { stack_name: 'moved', use_previous_template: true, tags: { a: '[hidden:secret]' } },
    ],
    ['ec2_create_volume', { availability_zone: 'eu-west-1a', size: 8, tags: { a: '****' } }],
    [
      'cloudformation_set_stack_policy',
      {
        stack_name: stack?.StackId,
        stack_policy_body:
          '{"Statement":[{"Effect":"Deny","Action":"Update:*","Principal":"*","Resource":"[hidden:secret]"}]}',
      },
    ],
  ] as const)
    expect((await scene.agent.call(tool, { ...args, reason: REASON })).refusal).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('mask'),
    });
});
