import { madeNames } from '../../src/aws/template/made-names.ts';
import type { Json } from '../../src/kernel/digest.ts';
import { admitted, calledBy, trusted } from '../../tools/cloudformation/deployment/effects/identity/admits.ts';
import { type AccessFinding, permitted } from '../../tools/cloudformation/deployment/effects/identity/permits.ts';
import { onlyService } from '../../tools/cloudformation/deployment/effects/identity/services.ts';
import { UNTOLD } from '../../tools/cloudformation/deployment/effects/resource-settings.ts';
import { namesOfMember } from '../../tools/ports/made-names.ts';

export const ACCOUNT = '123456789012';

/** What the templates of these tests make beside the policy. */
const BESIDE: Readonly<Record<string, unknown>> = {
  Queue: { Type: 'AWS::SQS::Queue' },
  Other: { Type: 'AWS::SQS::Queue' },
  Bucket: { Type: 'AWS::S3::Bucket' },
  Table: { Type: 'AWS::DynamoDB::Table' },
  Topic: { Type: 'AWS::SNS::Topic' },
  Fn: { Type: 'AWS::Lambda::Function' },
  Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' } } },
  Foreign: {
    Type: 'AWS::Lambda::Alias',
    Properties: { FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:pay' },
  },
  Key: { Type: 'AWS::KMS::Key' },
  Role: { Type: 'AWS::IAM::Role' },
  Managed: { Type: 'AWS::IAM::ManagedPolicy' },
  Api: { Type: 'AWS::ApiGateway::RestApi' },
  Rule: { Type: 'AWS::Events::Rule' },
  Secret: { Type: 'AWS::SecretsManager::Secret' },
  Setting: { Type: 'AWS::SSM::Parameter' },
  Attached: { Type: 'AWS::SecretsManager::SecretTargetAttachment', Properties: { SecretId: { Ref: 'Secret' } } },
  Custom: { Type: 'Custom::Lookup' },
  Origin: { Type: 'AWS::CloudFront::CloudFrontOriginAccessIdentity' },
  Nested: { Type: 'AWS::CloudFormation::Stack' },
};

export const attribute = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });
export const sub = (text: string) => ({ 'Fn::Sub': text });

/** As a change set shows it before anything is made. */
function seen(value: unknown): Json {
  if (Array.isArray(value)) return value.filter((one) => one?.Ref !== 'AWS::NoValue').map(seen);
  if (typeof value !== 'object' || value === null) return value as Json;
  const names = Object.keys(value);
  if (names.length === 1 && /^(Ref|Fn::)/.test(names[0] ?? '')) return UNTOLD;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, seen(inner)]));
}

/** @param added what of that is new too */
function given(before: unknown, after: unknown, isNew: boolean, added: readonly string[]) {
  const namesIn = (P: unknown) =>
    namesOfMember(
      madeNames({ Resources: { ...BESIDE, Subject: { Type: 'AWS::IAM::Role', Properties: { P } } } }).Subject,
      'P',
    );
  return {
    before: before === undefined ? undefined : seen(before),
    after: after === undefined ? undefined : seen(after),
    namesBefore: namesIn(before),
    names: namesIn(after),
    isNew,
    isOnStanding: false,
    added: new Set(added),
  };
}

/** What a role, policy or list of them may do: new without `before`. */
export function permits(
  after: unknown,
  before?: unknown,
  trust?: Json,
  added: readonly string[] = [],
  inline?: Json,
): readonly AccessFinding[] {
  const isForOwnCode = before === undefined || trust === undefined || onlyService(trust) !== undefined;
  return permitted({ ...given(before, after, before === undefined, added), isForOwnCode, trust, inline });
}

export function trusts(after: unknown, before?: unknown, added: readonly string[] = []): readonly AccessFinding[] {
  return trusted(given(before, after, before === undefined, added));
}

export function admits(after: unknown, before?: unknown, added: readonly string[] = []): readonly AccessFinding[] {
  return admitted({ ...given(before, after, before === undefined, added), account: ACCOUNT, isOwnCode: () => true });
}

type Properties = Readonly<Record<string, unknown>>;

export function calls(
  properties: Properties,
  added: readonly string[] = [],
  before?: Properties,
): readonly AccessFinding[] {
  const call = (value: Properties) => {
    const { after, ...more } = given(undefined, value, true, added);
    return { ...more, properties: after as Readonly<Record<string, Json>>, account: ACCOUNT };
  };
  return calledBy(call(properties), before && call(before));
}

/** The worst that is found. */
export function worstOf(found: readonly AccessFinding[]): AccessFinding['effect'] | undefined {
  return (['expose', 'disrupt', 'modify'] as const).find((effect) => found.some((one) => one.effect === effect));
}
