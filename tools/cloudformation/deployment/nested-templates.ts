import { digestOf, type Json, stableJson } from '../../../src/kernel/digest.ts';
import type { Caller, Readers } from '../../define.ts';
import type { TemplateFacts } from '../../ports/cloudformation.ts';
import { isMasked } from '../../ports/masks.ts';
import { subParts } from '../../ports/substitution.ts';
import type { Level } from './levels.ts';
import { refuseMacros } from './transforms.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html */
const LONGEST_URL = 5_120;

/** What a template's parameters will be, as far as that is known here. */
export type Values = Readonly<Record<string, string>>;

/**
 * Refuses a template in which, or in a template that it nests, a macro would run. What is nested in a nested template
 * isn't seen here.
 * @throws invalid_input
 */
export async function refuseAllMacros(
  template: TemplateFacts,
  source: { readonly text: string } | { readonly stack_id: string },
  given: Values,
  allowed: readonly string[],
  { cloudformation, caller }: Readers,
): Promise<void> {
  refuseMacros('the template', template.transforms, allowed);
  for (const { logical_id, type, url } of nestedIn(template, given, caller)) {
    const found = url === undefined ? undefined : await cloudformation.templateAt(url);
    if (found === undefined) refuseMacros(`the template, for ${logical_id},`, [type], allowed);
    else refuseMacros(`the template of ${logical_id}`, found.transforms, allowed);
  }
  refuseMacros('the template', await cloudformation.declaredTransforms(source), allowed);
}

/**
 * What is at the addresses of all templates that are nested now, or would be, as one digest; null where there are none.
 * The attacker, who may write there, puts another template in place of the one that people were shown the effects of.
 */
export async function nestedDigest(
  levels: readonly Level[],
  { cloudformation, caller }: Readers,
): Promise<string | null> {
  const lines: string[] = [];
  for (const { path, future, changeSet } of levels) {
    const known = changeSet.parameters.filter(({ value }) => !isMasked(value));
    const given = Object.fromEntries(known.map(({ key, value }) => [key, value]));
    for (const { logical_id, url } of nestedIn(future, given, caller)) {
      const found = url === undefined ? undefined : await cloudformation.templateAt(url);
      lines.push(stableJson([...path, logical_id, url ?? null, found?.digest ?? null]));
    }
  }
  return lines.length > 0 ? digestOf('holdshort/guard/v1', lines.sort().join('\n')) : null;
}

/** The templates that this one nests, with the addresses of those that can be worked out. */
export function nestedIn(template: TemplateFacts, given: Values, caller: Caller) {
  const values = { ...template.parameter_defaults, ...given, ...pseudo(caller) };
  return template.nested.map((one) => ({ ...one, url: textOf(one.url, values) }));
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
function pseudo({ account, region, arn }: Caller): Values {
  return {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': arn.split(':')[1] ?? 'aws',
    'AWS::URLSuffix': region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com',
  };
}

/** The text that a value will be; undefined where only AWS can work it out. */
function textOf(value: Json | undefined, values: Values): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [[name, inner] = ['', undefined], ...more] = Object.entries(value);
  if (more.length > 0) return undefined;
  switch (name) {
    case 'Ref':
      return typeof inner === 'string' ? known(values, inner) : undefined;
    case 'Fn::Sub':
      return typeof inner === 'string' ? substituted(inner, values) : undefined;
    case 'Fn::Join': {
      const [by, parts] = (Array.isArray(inner) ? inner : []) as readonly Json[];
      const texts = Array.isArray(parts) ? parts.map((part: Json) => textOf(part, values)) : [undefined];
      if (typeof by !== 'string') return undefined;
      return together(texts.flatMap((text, at) => (at === 0 ? [text] : [by, text])));
    }
    default:
      return undefined;
  }
}

function substituted(text: string, values: Values): string | undefined {
  return together(
    subParts(text).map(({ kind, text: part }) => {
      if (kind === 'unclosed') return undefined;
      return kind === 'variable' ? known(values, part) : part;
    }),
  );
}

/** A template may have a parameter of four kilobytes in it ten thousand times: that is no address. */
function together(texts: readonly (string | undefined)[]): string | undefined {
  let result = '';
  for (const text of texts) {
    if (text === undefined || result.length + text.length > LONGEST_URL) return undefined;
    result += text;
  }
  return result;
}

function known(values: Values, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
