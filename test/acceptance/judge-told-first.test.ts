import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePlace, type Place } from '../scenes/front-door.ts';

/*
 * The attacker asks for what hurts among many things of the same effect, all of which it names and orders: what weighs
 * most is told first, and a name is never so long that what is said of it isn't shown.
 */

let place: Place;
let folder: string;

beforeAll(() => {
  place = makePlace({ endpoint: 'http://127.0.0.1:9' });
  folder = mkdtempSync(join(tmpdir(), 'holdshort-judge-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await place[Symbol.asyncDispose]();
});

async function judged(resources: object) {
  const file = join(folder, 'template.json');
  writeFileSync(file, JSON.stringify({ Resources: resources }));
  return (await place.cli(['judge', file])).stdout.replaceAll(/\s+/g, ' ');
}

const statement = (what: object) => ({ Effect: 'Allow', ...what });
const role = (trust: object, ...rights: object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [statement({ Principal: trust, Action: 'sts:AssumeRole' })],
    },
    Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: rights.map(statement) } }],
  },
});
const lambda = { Service: 'lambda.amazonaws.com' };
const many = <T>(of: (n: number) => T, count = 30): T[] => Array.from({ length: count }, (_, n) => of(n));
const small = (n: number) => ({ Action: 'sqs:SendMessage', Resource: `arn:aws:sqs:eu-west-1:111122223333:queue-${n}` });

test.each([
  ['everything', { Action: '*', Resource: '*' }, 'may do everything on everything'],
  ['all of a service', { Action: 'iam:*', Resource: '*' }, 'may do iam:* on everything'],
  ['everything but', { NotAction: 's3:GetObject', Resource: '*' }, 'may do everything but some actions on everything'],
])('a right to %s comes before thirty small ones', async (_, right, told) => {
  expect(await judged({ Bot: role(lambda, ...many(small), right) })).toContain(` Bot: ${told}`);
});

test('everyone comes before those who are named', async () => {
  const named = many((n) => `arn:aws:iam::1111222233${String(n).padStart(2, '0')}:role/${'y'.repeat(60)}`);
  const text = await judged({ Door: role({ AWS: [...named, '*'] }, small(1)) });
  expect(text).toContain('Door: everyone may act as it');
});

test('the whole internet comes before three addresses', async () => {
  const rule = (CidrIp: string) => ({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp });
  const rules = [...many((n) => rule(`198.51.100.${n}/32`), 5), rule('0.0.0.0/0')];
  const group = { GroupDescription: 'd', VpcId: 'vpc-0123456789abcdef0', SecurityGroupIngress: rules };
  const text = await judged({ Group: { Type: 'AWS::EC2::SecurityGroup', Properties: group } });
  expect(text).toMatch(/surely private: tcp 22, 0\.0\.0\.0\/0 \(the whole IPv4 internet\); .*; and 3 more/);
});

test('of many resources that open something the widest comes first, whatever they are called', async () => {
  const doors = Object.fromEntries(many((n) => [`A${n}`, role({ AWS: `arn:aws:iam::111122223333:role/a${n}` })]));
  expect(await judged({ ...doors, Zz: role({ AWS: '*' }) })).toMatch(
    /expose \d+ expose Zz AWS::IAM::Role Zz: everyone may/,
  );
});

test('a logical id as long as AWS takes it leaves room for what is said of it', async () => {
  const long = 'Harmless'.repeat(40).slice(0, 255);
  const text = await judged({ [long]: role({ AWS: '*' }, { Action: '*', Resource: '*' }) });
  expect(text.replaceAll(' ', '')).toContain(`${long}:everyonemayactasit;maydoeverythingoneverything`.slice(200));
});
