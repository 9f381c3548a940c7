import { record } from '../../aws/template/document.ts';

type Template = Readonly<Record<string, unknown>>;

/** A template ready for the embedded cloud, with a value for each of its parameters that has no default. */
export interface Filled {
  readonly template: Template;
  readonly values: Readonly<Record<string, string>>;
}

/** What ids of a type look like: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
const IDS: readonly (readonly [type: RegExp, value: string])[] = [
  [/EC2::VPC::Id/, 'vpc-00000000000000000'],
  [/EC2::Subnet::Id/, 'subnet-00000000000000000'],
  [/EC2::SecurityGroup::Id/, 'sg-00000000000000000'],
  [/EC2::Image::Id/, 'ami-00000000000000000'],
  [/EC2::Instance::Id/, 'i-00000000000000000'],
  [/EC2::Volume::Id/, 'vol-00000000000000000'],
  [/EC2::AvailabilityZone::Name/, 'us-east-1a'],
  [/Route53::HostedZone::Id/, 'Z0000000000000'],
];

/** How many entries a list stands in with: templates take out the third one, seldom a later one. */
const ENTRIES = 3;

/**
 * Values for parameters that have none: nobody who isn't deploying knows them. The same in both templates, so that none
 * of them is a change.
 * @param given what was said with `--parameter`
 */
export function filled(
  template: Template,
  given: Readonly<Record<string, string>>,
): Filled & { readonly stoodIn: Filled['values'] } {
  const parameters = Object.entries(record(template.Parameters));
  const missing = parameters.filter(
    ([name, parameter]) => !Object.hasOwn(given, name) && record(parameter).Default === undefined,
  );
  const stoodIn = Object.fromEntries(missing.map(([name, parameter]) => [name, standIn(name, record(parameter))]));
  const own = parameters.flatMap(([name]) => (Object.hasOwn(given, name) ? [[name, given[name] ?? '']] : []));
  // What stands in has the form of its type, and needn't keep to a pattern that only a real value can.
  const relaxed = missing.map(([name, parameter]) => [name, withoutLimits(record(parameter))]);
  return {
    template:
      missing.length === 0
        ? template
        : { ...template, Parameters: { ...record(template.Parameters), ...Object.fromEntries(relaxed) } },
    values: { ...stoodIn, ...Object.fromEntries(own) },
    stoodIn,
  };
}

function standIn(name: string, { Type: type = 'String', AllowedValues: allowed, MinValue: least }: Template): string {
  if (Array.isArray(allowed) && allowed.length > 0) return String(allowed[0]);
  const of = String(type);
  const one = of.includes('Number')
    ? String(least ?? 1)
    : (IDS.find(([known]) => known.test(of))?.[1] ?? `any-${name}`);
  const isList = of === 'CommaDelimitedList' || of.includes('List<');
  return isList ? Array.from({ length: ENTRIES }, () => one).join(',') : one;
}

function withoutLimits(parameter: Template): Template {
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue, ...rest } = parameter;
  return rest;
}
