import type { NamedThing } from '../../../tools/ports/ownership.ts';
import { EC2, ec2TypeOf, type Kind, kindInArn, kindOfType } from './kinds.ts';

/** Where questions are asked from. */
export interface Here {
  readonly account: string;
  readonly region: string;
}

/** A named thing as far as its name and type alone tell. */
export interface Thing {
  /** ARN where one can be made, otherwise what it was called. */
  readonly id: string;
  readonly arn: string | undefined;
  readonly name: string;
  readonly type: string | undefined;
  readonly kind: Kind | undefined;
  /** The one that a stack's resource must have. */
  readonly types: readonly string[];
  /** What CloudFormation may call it, the likeliest first. */
  readonly physical: readonly string[];
  readonly account?: string;
  readonly region?: string;
}

/** Longer texts are no names. */
const MOST = 2_048;

/** Ids under which Application Auto Scaling has what it scales. */
const SCALED: readonly (readonly [form: RegExp, service: string])[] = [
  [/^service\/[^/:]+\/[^/:]+$/, 'ecs'],
  [/^table\/[^/:]+/, 'dynamodb'],
  [/^function:[^/:]+/, 'lambda'],
];

/** An agent may have written the name: what isn't of a form that is known is a thing that nobody can tell. */
export function thingOf({ name, type }: NamedThing, here: Here): Thing {
  const said = name.length > MOST ? `${name.slice(0, MOST)}…` : name;
  const arn = arnIn(said, here);
  if (arn !== undefined) return ofArn(arn, type, here);
  const kind = (type === undefined ? undefined : kindOfType(type)) ?? (ec2TypeOf(said) === undefined ? undefined : EC2);
  if (!kind) return { id: said, arn: undefined, name: said, type, kind, types: [], physical: [] };
  return ofKind(kind, said, undefined, type, here);
}

/** The ARN that a name is, or is another spelling of. */
function arnIn(name: string, { account, region }: Here): string | undefined {
  if (/^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws)?:./.test(name)) return name;
  const queue = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(\d{12})\/([\w-]{1,80}(?:\.fifo)?)$/.exec(name);
  if (queue) return `arn:aws:sqs:${queue[1]}:${queue[2]}:${queue[3]}`;
  const invoked = /^arn:[^:]+:apigateway:[^:]+:lambda:path\/[^:]+\/functions\/(arn:[^/]+)\/invocations$/.exec(name);
  if (invoked) return invoked[1];
  const scaled = SCALED.find(([form]) => form.test(name));
  return scaled && `arn:aws:${scaled[1]}:${region}:${account}:${name}`;
}

function ofArn(arn: string, type: string | undefined, here: Here): Thing {
  const [, , , region = '', account = ''] = arn.split(':');
  const elsewhere = {
    ...(account !== '' && account !== here.account && { account }),
    ...(region !== '' && region !== here.region && { region }),
  };
  const found = kindInArn(arn.split(':').slice(2).join(':'));
  if (found) return { ...ofKind(found.kind, found.id, arn, type, here), ...elsewhere };
  // Of a kind that isn't known: its own tag may tell, the property's type what a stack has to have it as.
  const own = type === undefined ? [] : [type];
  return { id: arn, arn, name: lastOf(arn), type, kind: undefined, types: own, physical: [arn], ...elsewhere };
}

function ofKind(
  kind: Kind,
  id: string | undefined,
  given: string | undefined,
  type: string | undefined,
  here: Here,
): Thing {
  const made = given ?? (id === undefined ? undefined : arnOf(kind, id, here));
  const arn = id !== undefined && kind.arn !== undefined && given !== undefined ? arnFrom(kind, id, given) : made;
  const both = kind.physical === 'arn' ? [arn, id] : [...spellings(kind, id, arn), arn];
  // Another type than the id's own would be found as something that it isn't.
  const ec2 = id === undefined ? undefined : ec2TypeOf(id);
  const types = kind === EC2 ? (ec2 === undefined ? [] : [ec2]) : kind.types;
  return {
    id: arn ?? id ?? '',
    arn,
    name: id ?? lastOf(arn ?? ''),
    type: types.length === 1 ? types[0] : (type ?? types[0]),
    kind,
    types,
    physical: [...new Set(both.filter((one) => one !== undefined))],
  };
}

/** The ARN of the whole thing, where one of a part of it was given. */
function arnFrom(kind: Kind, id: string, given: string): string {
  const [, partition = 'aws', , region = '', account = ''] = given.split(':');
  // Roles have paths in their ARNs, which their names don't tell.
  if (kind.arn?.startsWith('iam:')) return given;
  return filled(kind.arn ?? '', id, partition, { account, region });
}

function arnOf(kind: Kind, id: string, here: Here): string | undefined {
  if (kind.arn === undefined || kind.arn.startsWith('iam:')) return undefined;
  return filled(kind.arn, id, partitionOf(here.region), here);
}

function filled(template: string, id: string, partition: string, { account, region }: Here): string {
  const [service, inRegion, inAccount, ...resource] = template.split(':');
  // A parameter's ARN alone leaves out the slash that its name begins with: the log groups `/a` and `a` are two.
  const name = service === 'ssm' ? id.replace(/^\//, '') : id;
  const tail = resource.join(':').replace('{id}', () => name);
  return `arn:${partition}:${service}:${inRegion && region}:${inAccount && account}:${tail}`;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** A queue's is its URL; a parameter may be called with a slash in front, which its ARN doesn't tell. */
function spellings(
  { types: [type] }: Kind,
  id: string | undefined,
  arn: string | undefined,
): readonly (string | undefined)[] {
  if (type === 'AWS::SSM::Parameter' && id !== undefined && !id.startsWith('/')) return [id, `/${id}`];
  if (type !== 'AWS::SQS::Queue' || arn === undefined) return [id];
  const [, partition, , region, account] = arn.split(':');
  return [`https://sqs.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/${account}/${id}`];
}

function lastOf(arn: string): string {
  return arn.split(':').slice(5).join(':') || arn;
}
