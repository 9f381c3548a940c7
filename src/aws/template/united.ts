import type { TemplateFacts } from '../../../tools/ports/cloudformation.ts';
import { type Json, stableJson } from '../../kernel/digest.ts';

/**
 * The facts of a template as people wrote it, and of what transforms made of it. The attacker has a loop put the word
 * together that a fact rests on (`{{${Name}:secretsmanager:…}}`): the original doesn't have it. And what macros work
 * out, the processed one has no source of. So what either says counts; each fact is named here, and one that isn't
 * doesn't compile.
 */
export function united(original: TemplateFacts, processed: TemplateFacts): Required<TemplateFacts> {
  const both = [original, processed];
  return {
    // Which text it is: the one that is compared with others.
    sha256: original.sha256,
    bytes: original.bytes,
    // Only the processed template has the resources that macros, loops and modules make.
    resources: processed.resources,
    parameters: each(both.flatMap(({ parameters }) => parameters)),
    no_echo_parameters: each(both.flatMap(({ no_echo_parameters }) => no_echo_parameters)),
    looked_up_parameters: each(both.flatMap(({ looked_up_parameters }) => looked_up_parameters)),
    parameter_defaults: agreed(original.parameter_defaults, processed.parameter_defaults),
    secret_reads: each(both.flatMap(({ secret_reads }) => secret_reads)),
    hidden_uses: usesOf(original, processed),
    unknown_functions: each(both.flatMap(({ unknown_functions }) => unknown_functions)),
    transforms: each(both.flatMap(({ transforms }) => transforms)),
    nested: [...original.nested, ...processed.nested.filter((one) => !isApplication(one.logical_id, original))],
    hooks: each(both.flatMap(({ hooks }) => hooks)),
  };
}

/**
 * Where macros work values out, only the original says where they come from. What SAM makes has them as people wrote
 * them, at other places.
 */
function usesOf(original: TemplateFacts, processed: TemplateFacts): TemplateFacts['hidden_uses'] {
  const isSam = original.transforms.length > 0 && original.transforms.every((name) => /^AWS::Serverless-/.test(name));
  if (isSam) return processed.hidden_uses;
  return [...processed.hidden_uses, ...original.hidden_uses];
}

/** Of two defaults nobody knows which one counts. */
function agreed(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>) {
  const entries = Object.entries({ ...one, ...other });
  return Object.fromEntries(entries.filter(([name, value]) => (one[name] ?? value) === value));
}

/** One that SAM made a stack of is nested once, from where people wrote it. */
function isApplication(id: string, { nested }: TemplateFacts): boolean {
  return nested.some(({ logical_id }) => logical_id === id);
}

/** Each once. */
function each<T extends object | string>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((one) => [stableJson(one as Json), one])).values()];
}
