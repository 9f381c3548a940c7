import { z } from 'zod';
import { REGION } from '../src/kernel/region.ts';
import { credentialIn } from './credential-free.ts';
import { hideValue } from './ports/redaction.ts';

/*
 * Fields that several tools take. Descriptions are short: all tools together must fit a model's budget. Rules are in
 * code instead of JSON Schema patterns for the same reason, and so that a refusal can say what to do instead.
 */

type Rule = (value: string) => string | undefined;

/** A text that `rule` finds nothing wrong with; `rule` says what to do instead. */
export function ruled(rule: Rule, max = 2_000) {
  return z.string().superRefine((value, context) => {
    // Not in the schema, where it would cost every conversation tokens.
    const problem = value.length > max ? `is longer than ${max} characters` : rule(value);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });
}

/** What every identifier is checked for first: agents copy globs and options from shells. */
export function notShell(value: string): string | undefined {
  if (value === '') return 'is empty; leave the field out or give a value';
  if (/[*?]/.test(value)) return 'wildcards are not taken; name each one, after listing them with a read tool';
  if (value.startsWith('-')) return 'begins with "-", which looks like a command-line option; give the plain name';
  return undefined;
}

export const STACK_NAME = /^[A-Za-z][-A-Za-z0-9]{0,127}$/;
const STACK_ARN = /^arn:aws[a-z-]*:cloudformation:[a-z0-9-]+:\d{12}:stack\/[A-Za-z][-A-Za-z0-9]{0,127}\/[-A-Za-z0-9]+$/;

export const StackNameOrArn = ruled((value) => {
  if (STACK_NAME.test(value) || STACK_ARN.test(value)) return undefined;
  if (value.startsWith('arn:') && !value.includes('*'))
    return 'is not the ARN of a stack; take stack_id from cloudformation_list_stacks';
  return (
    notShell(value) ??
    'is not a stack name (a letter, then letters, digits and hyphens, at most 128) or stack ARN; see cloudformation_list_stacks'
  );
}).describe('Stack name or ARN');

/** Of the tools that delete volumes. */
export const SnapshotFirst = z
  .boolean()
  .describe('Take a snapshot of each volume that goes, and wait for it, before anything is deleted');

/** Of the tools whose plans can be played on a copy. */
export const Rehearse = z.boolean().describe('Play it, and its way back, on a model first; shown with the plan');

export const Region = ruled((value) =>
  REGION.test(value)
    ? undefined
    : (notShell(value) ?? 'is not a region; give one like eu-west-1, or leave it out for the default'),
).describe('Default: the configured region');

const WHY = 'say why in at least 10 characters: a person decides on it';

export const Reason = z
  .string()
  .min(10, { error: WHY, abort: true })
  .max(2_000, 'say why in at most 2,000 characters')
  .refine((text) => visible(text).length >= 10, `${WHY}, and blanks and what can not be seen are none`)
  .describe('Why, for the person who decides; 10 characters or more');

/**
 * What a person sees of it, several blanks as one. Braille's empty pattern is a blank that Unicode takes for a symbol.
 */
function visible(text: string): string {
  const seen = text.replace(/[\s\u2800]+/g, ' ').replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '');
  return seen.replace(/ +/g, ' ').trim();
}

const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;

export const LogicalIds = uniqueList(
  ruled((value) =>
    LOGICAL_ID.test(value)
      ? undefined
      : (notShell(value) ?? 'is not a logical id (letters and digits); see cloudformation_list_stack_resources'),
  ),
  200,
);

/**
 * An EC2 id of one kind, by its prefix.
 * @param tool where such ids are listed
 */
export function ec2Id(prefix: string, what: string, tool: string) {
  const form = new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`);
  return ruled((value) =>
    form.test(value)
      ? undefined
      : (notShell(value) ?? `is not ${what} id (${prefix}- and 8 or 17 hexadecimal digits); see ${tool}`),
  );
}

export const InstanceId = ec2Id('i', 'an instance', 'ec2_describe_instances');
export const VolumeId = ec2Id('vol', 'a volume', 'ec2_describe_volumes');
export const SnapshotId = ec2Id('snap', 'a snapshot', 'ec2_describe_snapshots');
export const ImageId = ec2Id('ami', 'an image', 'ec2_describe_images');
export const SubnetId = ec2Id('subnet', 'a subnet', 'ec2_describe_subnets');
export const LaunchTemplateId = ec2Id('lt', 'a launch template', 'the console of EC2');

export const InstanceIds = uniqueList(InstanceId, 50);
export const VolumeIds = uniqueList(VolumeId, 50);
export const SnapshotIds = uniqueList(SnapshotId, 50);
export const ImageIds = uniqueList(ImageId, 50);

/** A whole number in [least, most]. The bounds are in code: in the schema they would cost every conversation tokens. */
export function wholeNumber(least: number, most: number) {
  return z
    .number()
    .refine(
      (value) => Number.isInteger(value) && value >= least && value <= most,
      `is not a whole number from ${least} to ${most}`,
    );
}

/** `m5.large`: what EC2 calls a size of machine. */
export const InstanceType = ruled((value) =>
  /^[a-z][a-z0-9-]{1,20}\.[a-z0-9-]{1,20}$/.test(value)
    ? undefined
    : (notShell(value) ?? 'is not an instance type; give one like t3.micro'),
);
export const SecurityGroupId = ec2Id('sg', 'a security group', 'ec2_describe_security_groups');

export const SecurityGroupIds = uniqueList(SecurityGroupId, 16);

export const AllocationId = ec2Id('eipalloc', 'an address allocation', 'ec2_describe_addresses');

export const VpcId = ec2Id('vpc', 'a VPC', 'ec2_describe_vpcs');

export const Cursor = z.string().min(1).max(8_192).describe('From the page before');

/** A list without repeats, of at least one. */
export function uniqueList(item: z.ZodType<string>, max: number) {
  return z
    .array(item)
    .min(1, 'is empty; name at least one')
    .max(max, `is too long; at most ${max} in one call, so make several`)
    .refine((list) => new Set(list).size === list.length, 'names one twice; name each once');
}

/** Checked as a whole: the schema library tells about a wrong key only that it is wrong. */
function namedTexts(what: string, maxText: number, maxCount: number, keyRule: Rule) {
  return z
    .record(z.string(), z.string().max(maxText, `is longer than ${maxText} characters`))
    .superRefine((texts, context) => {
      const keys = Object.keys(texts);
      if (keys.length > maxCount) context.addIssue({ code: 'custom', message: `has more than ${maxCount} ${what}` });
      for (const key of keys) {
        const problem = keyRule(key);
        if (problem !== undefined) context.addIssue({ code: 'custom', path: [key], message: problem });
      }
    });
}

export const Parameters = namedTexts('parameters', 4_096, 200, (key) =>
  /^[A-Za-z0-9]{1,255}$/.test(key) ? undefined : 'is not a parameter name (letters and digits)',
);

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
function tagKey(key: string): string | undefined {
  if (/^aws:/i.test(key)) return 'begins with "aws:", which belongs to AWS; use another key';
  // By such a tag a ticket finds what it made.
  if (/^holdshort:/i.test(key)) return 'begins with "holdshort:", which belongs to holdshort; use another key';
  return key.length >= 1 && key.length <= 128 ? undefined : 'is not a tag key (1 to 128 characters)';
}

/**
 * Anyone who may describe a resource reads its tags, and so does every log of the call: what would be hidden there
 * isn't put there.
 */
function tagsField(most: number) {
  return namedTexts('tags', 256, most, tagKey).superRefine((tags, context) => {
    for (const [key, value] of Object.entries(tags)) {
      if (hideValue(key, value) === value) continue;
      context.addIssue({ code: 'custom', path: [key], message: credentialIn('tags') });
    }
  });
}

export const Tags = tagsField(50);

/** The tags of something that is made with two of ours beside them. */
export const CreationTags = tagsField(48);

/** The name of something that AWS lets people name freely, or its ARN. */
export const NameOrArn = ruled(
  (value) => (/^[\x21-\x7e][\x20-\x7e]*$/.test(value) ? notShell(value) : 'is not a name or ARN (printable ASCII)'),
  2_000,
);

/** A plain filter value. */
export const FilterValue = ruled((value) => notShell(value), 256);

export const TicketRef = ruled((value) =>
  /^(tkt_)?[0-9a-hjkmnp-tv-z]{6,20}$/.test(value)
    ? undefined
    : 'is not a ticket id (tkt_ and 20 characters, or a unique beginning of at least 6); see ticket_list',
);
