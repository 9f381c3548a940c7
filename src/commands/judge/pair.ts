import { Unsure } from '../../../tools/ports/scalars.ts';
import { parseTemplate, record, STORED_BYTES } from '../../aws/template/document.ts';
import { readStoredTemplate } from '../../aws/template/template.ts';
import type { Comparison, Deployed } from '../../sandbox/comparison.ts';

/** Two templates' texts; without `before` the stack isn't there yet. */
export interface Pair {
  readonly before: string | undefined;
  readonly after: string;
  /** Values for parameters, where a template has them. */
  readonly parameters: Values;
  /** What the stack has, where that is another. */
  readonly old_parameters?: Values;
}

type Template = Readonly<Record<string, unknown>>;
type Values = Readonly<Record<string, string>>;

/** What ids of a type look like: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
const IDS: readonly (readonly [type: string, value: string])[] = [
  ['EC2::VPC::Id', 'vpc-00000000000000000'],
  ['EC2::Subnet::Id', 'subnet-00000000000000000'],
  ['EC2::SecurityGroup::Id', 'sg-00000000000000000'],
  ['EC2::Image::Id', 'ami-00000000000000000'],
  ['EC2::Instance::Id', 'i-00000000000000000'],
  ['EC2::Volume::Id', 'vol-00000000000000000'],
  ['EC2::AvailabilityZone::Name', 'us-east-1a'],
  ['Route53::HostedZone::Id', 'Z0000000000000'],
];

const LIMITS = new Set(['AllowedPattern', 'AllowedValues', 'MaxLength', 'MaxValue', 'MinLength', 'MinValue']);

/** How many entries a list stands in with: templates take out the third one, seldom a later one. */
const ENTRIES = 3;

/**
 * A pair as it can be deployed. Parameters have the value that is given, or their default; what stands in for one
 * that has neither is the same in both, so that it is no change.
 * @throws invalid_input for a template that can't be read
 */
export function prepared({ before, after, parameters, old_parameters = {} }: Pair): {
  readonly comparison: Omit<Comparison, 'exports'>;
  readonly stood_in: Values;
  readonly defaults_changed: readonly string[];
} {
  const [past, future] = [before === undefined ? undefined : read(before), read(after)];
  const given = { ...parameters, ...old_parameters };
  const stood_in = { ...(past && standIns(past, given)), ...standIns(future, given) };
  const values = { ...stood_in, ...parameters };
  return {
    comparison: {
      before: past && deployed(past, { ...values, ...old_parameters }),
      after: deployed(future, { ...stood_in, ...given, ...parameters }),
    },
    stood_in,
    defaults_changed: past ? defaultsChanged(past, future).filter((name) => !Object.hasOwn(given, name)) : [],
  };
}

/** Parameters that have another default now. Whether a stack takes it, the one who deploys says. */
function defaultsChanged({ Parameters: past }: Template, { Parameters: future }: Template): readonly string[] {
  const [was, is] = [record(past), record(future)];
  return Object.keys(is).filter((name) => {
    const [old, value] = [record(was[name]).Default, record(is[name]).Default];
    return old !== undefined && value !== undefined && String(old) !== String(value);
  });
}

/** The names of a template's parameters. @throws invalid_input */
export function parametersOf(text: string): readonly string[] {
  return Object.keys(record(read(text).Parameters));
}

/** The embedded cloud writes loops out; every other transform only AWS, or an account, can. */
const WRITTEN_OUT = new Set(['AWS::LanguageExtensions', 'Fn::ForEach']);

/** A transform that nothing here can carry out. @throws invalid_input */
export function unexpandedIn({ before, after }: Pair): string | undefined {
  const texts = before === undefined ? [after] : [before, after];
  return texts.flatMap((text) => readStoredTemplate(text).transforms).find((name) => !WRITTEN_OUT.has(name));
}

function read(text: string): Template {
  return parseTemplate(text, STORED_BYTES);
}

function standIns({ Parameters }: Template, given: Values): Values {
  const missing = Object.entries(record(Parameters)).filter(
    ([name, parameter]) => !Object.hasOwn(given, name) && record(parameter).Default === undefined,
  );
  return Object.fromEntries(missing.map(([name, parameter]) => [name, standIn(name, record(parameter))]));
}

function standIn(name: string, { Type, AllowedValues: allowed, MinValue: least }: Template): string {
  if (Array.isArray(allowed) && allowed.length > 0) return String(allowed[0]);
  const type = String(Type);
  const id = IDS.find(([known]) => type.includes(known))?.[1];
  const one = type.includes('Number') ? String(least ?? 1) : (id ?? `any-${name}`);
  const isList = type === 'CommaDelimitedList' || type.includes('List<');
  return isList ? Array.from({ length: ENTRIES }, () => one).join(',') : one;
}

/** Written as JSON, so that every reader finds the same in it. */
function deployed(template: Template, values: Values): Deployed {
  const parameters = Object.entries(record(template.Parameters));
  const own = parameters.map(([name, parameter]): [string, unknown] => [name, withoutLimits(record(parameter))]);
  return {
    template: JSON.stringify(
      asWritten(own.length === 0 ? template : { ...template, Parameters: Object.fromEntries(own) }),
    ),
    parameters: Object.fromEntries(
      parameters.flatMap(([name]) => (Object.hasOwn(values, name) ? [[name, values[name] ?? '']] : [])),
    ),
  };
}

/** What not every reader takes for the same counts as the text that it was written as. */
export function asWritten(value: unknown): unknown {
  if (value instanceof Unsure) return value.written;
  if (Array.isArray(value)) return value.map(asWritten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asWritten(inner)]));
}

/** What stands in has the form of its type; a pattern only a real value can keep to. */
function withoutLimits(parameter: Template): Template {
  return Object.fromEntries(Object.entries(parameter).filter(([name]) => !LIMITS.has(name)));
}
