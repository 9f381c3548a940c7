import { isRecord, parseTemplate, record, STORED_BYTES } from './document.ts';
import { importsIn } from './exports-named.ts';
import { hiddenValues } from './hidden-values.ts';
import { isNoEcho } from './no-echo.ts';

/** Which of a stack's values are secret, by what its template says. */
export interface TemplateSecrets {
  /** All that are declared: one that isn't is a secret too, for all that is known. */
  readonly parameters: ReadonlySet<string>;
  readonly noEcho: ReadonlySet<string>;
  /** Outputs that a hidden value goes into, through whatever, or a secret's dynamic reference. */
  readonly outputs: ReadonlySet<string>;
  /** Those whose names for other stacks have one. */
  readonly exports: ReadonlySet<string>;
}

/** Nothing is known of them here: what an output looks up by one may be what is hidden. */
const NOT_KNOWN = null;

/** They rest on what is known of the exports that the template imports. */
export interface SecretsOf extends Pick<TemplateSecrets, 'parameters' | 'noEcho'> {
  readonly imports: ReadonlySet<string>;
  /** @param openExports those that everyone may see */
  with(openExports: ReadonlySet<string>): TemplateSecrets;
}

/** @throws invalid_input when the template can't be read */
export function readTemplateSecrets(text: string): SecretsOf {
  const template = parseTemplate(text, STORED_BYTES);
  const parameters = Object.entries(record(template.Parameters));
  const noEcho = new Set(parameters.flatMap(([name, parameter]) => (isNoEcho(parameter) ? [name] : [])));
  const outputs = Object.entries(record(template.Outputs));
  const given = { stack_id: '', values: Object.fromEntries(parameters.map(([name]) => [name, NOT_KNOWN])) };
  const named = (has: (output: unknown) => boolean) =>
    new Set(outputs.flatMap(([name, output]) => (has(output) ? [name] : [])));
  const declared = { parameters: new Set(parameters.map(([name]) => name)), noEcho };
  const by = (open_exports: ReadonlySet<string>): TemplateSecrets => {
    const isHidden = (name: string) => noEcho.has(name);
    const { takes } =
      outputs.length > 0
        ? hiddenValues(text, { isHidden, literals: true, given: { ...given, open_exports } })
        : { takes: () => false };
    return {
      ...declared,
      outputs: named((output) => takes(output) || readsSecret(output)),
      exports: named((output) => takes(record(output).Export)),
    };
  };
  const imports = outputs.length > 0 ? importsIn(text, given) : new Set<string>();
  if (imports.size > 0) return { ...declared, imports, with: by };
  const whole = by(imports);
  return { ...declared, imports, with: () => whole };
}

function readsSecret(value: unknown): boolean {
  if (typeof value === 'string') return /\{\{resolve:(secretsmanager|ssm-secure):/.test(value);
  if (Array.isArray(value)) return value.some(readsSecret);
  return isRecord(value) && Object.values(value).some(readsSecret);
}
