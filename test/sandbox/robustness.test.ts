import { CreateStackCommand, DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import resources from '../../src/sandbox/spec/resources.json' with { type: 'json' };
import { bounded } from '../scenes/bounded.ts';
import { cloudUnderTest, failureOf } from './clients.ts';

const REFUSED = ['AWS::CloudFormation::Stack', 'AWS::CloudFormation::Macro'];
const TEMPLATE_BYTES = 51_200;

/** One resource of each type, with something for each required property, in templates of the size that AWS takes. */
function everyType(): string[] {
  const templates: string[] = [];
  let parts: string[] = [];
  const flush = () => templates.push(`{"Resources":{${parts.join(',')}}}`);
  for (const [index, [Type, { required = '' }]] of Object.entries(
    resources.types as Record<string, { required?: string }>,
  ).entries()) {
    if (REFUSED.includes(Type)) continue;
    const Properties = Object.fromEntries(
      required
        .split(' ')
        .filter(Boolean)
        .map((name) => [name, 'x']),
    );
    const part = `"R${index}":${JSON.stringify({ Type, Properties })}`;
    if (parts.join(',').length + part.length > TEMPLATE_BYTES - 100) {
      flush();
      parts = [];
    }
    parts.push(part);
  }
  flush();
  return templates;
}

test('every published resource type can be created', async () => {
  const cloud = await cloudUnderTest();
  for (const [index, TemplateBody] of everyType().entries()) {
    const StackName = `all-${index}`;
    await cloud.cf.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ['CAPABILITY_NAMED_IAM'] }));
    cloud.settle();
    const { StackEvents } = await cloud.cf.send(new DescribeStackEventsCommand({ StackName }));
    expect(StackEvents!.filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')).toEqual([]);
    const { Stacks } = await cloud.cf.send(new DescribeStacksCommand({ StackName }));
    expect(Stacks![0]!.StackStatus).toBe('CREATE_COMPLETE');
  }
});

test('a template larger than AWS takes is refused', async () => {
  const { cf } = await cloudUnderTest();
  const TemplateBody = `${everyType()[0]!}${' '.repeat(TEMPLATE_BYTES)}`;
  const refused = await failureOf(cf.send(new CreateStackCommand({ StackName: 'large', TemplateBody })));
  expect(refused).toMatchObject({ name: 'ValidationError', message: expect.stringContaining('51200') });
});

test('no template makes the sandbox itself fail', async () => {
  const cloud = await cloudUnderTest();
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('A', 'P', 'C', 'A.Arn', 'AWS::Region'),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 4 }, leaf, tie('list'), tie('object'), tie('call')),
    list: fc.array(tie('any'), { maxLength: 3 }),
    object: fc.dictionary(fc.string(), tie('any'), { maxKeys: 3 }),
    call: fc
      .tuple(
        fc.constantFrom(
          'Ref',
          'Condition',
          'Fn::Sub',
          'Fn::GetAtt',
          'Fn::Join',
          'Fn::Select',
          'Fn::Split',
          'Fn::If',
          'Fn::FindInMap',
          'Fn::Cidr',
          'Fn::Equals',
          'Fn::Not',
          'Fn::ImportValue',
          'Fn::Base64',
          'Fn::GetAZs',
          'Fn::Length',
          '__proto__',
        ),
        tie('any'),
      )
      .map(([name, argument]) => ({ [name]: argument })),
  })).any;
  const template = fc.record(
    {
      Resources: fc.oneof(
        value,
        fc.record({
          A: fc.record(
            {
              Type: fc.constantFrom('AWS::S3::Bucket', 'Custom::X', 'AWS::EC2::Instance'),
              Properties: value,
              DependsOn: value,
              Condition: value,
              Metadata: value,
            },
            { requiredKeys: ['Type'] },
          ),
        }),
      ),
      Parameters: fc.oneof(
        value,
        fc.record({
          P: fc.dictionary(fc.constantFrom('Type', 'Default', 'AllowedPattern', 'AllowedValues', 'MaxLength'), value),
        }),
      ),
      Conditions: fc.oneof(value, fc.record({ C: value })),
      Mappings: value,
      Outputs: fc.oneof(value, fc.record({ O: fc.record({ Value: value, Export: value }, { requiredKeys: [] }) })),
    },
    { requiredKeys: ['Resources'] },
  );
  let index = 0;
  await fc.assert(
    fc.asyncProperty(template, async (body) => {
      const StackName = `stack-${index++}`;
      const create = cloud.cf.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(body) }));
      const name = await create.then(
        () => undefined,
        (error: Error) => error.name,
      );
      expect([undefined, 'ValidationError']).toContain(name);
      if (name !== undefined) return;
      cloud.settle();
      const { Stacks } = await cloud.cf.send(new DescribeStacksCommand({ StackName }));
      expect(['CREATE_COMPLETE', 'ROLLBACK_COMPLETE']).toContain(Stacks![0]!.StackStatus);
    }),
    { numRuns: bounded('generated requests to the embedded cloud', 300, 100) },
  );
});
