import { isRecord, parseTemplate, record, STORED_BYTES } from './document.ts';
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

/** @throws invalid_input when the template can't be read */
export function readTemplateSecrets(text: string): TemplateSecrets {
  const template = parseTemplate(text, STORED_BYTES);
  const parameters = Object.entries(record(template.Parameters));
  const noEcho = new Set(parameters.flatMap(([name, parameter]) => (isNoEcho(parameter) ? [name] : [])));
  const outputs = Object.entries(record(template.Outputs));
  const given = { stack_id: '', values: Object.fromEntries(parameters.map(([name]) => [name, NOT_KNOWN])) };
  const takes =
    outputs.length > 0
      ? hiddenValues(text, { isHidden: (name) => noEcho.has(name), literals: true, given }).takes
      : () => false;
  const named = (has: (output: unknown) => boolean) =>
    new Set(outputs.flatMap(([name, output]) => (has(output) ? [name] : [])));
  return {
    parameters: new Set(parameters.map(([name]) => name)),
    noEcho,
    outputs: named((output) => takes(output) || readsSecret(output)),
    exports: named((output) => takes(record(output).Export)),
  };
}

function readsSecret(value: unknown): boolean {
  if (typeof value === 'string') return /\{\{resolve:(secretsmanager|ssm-secure):/.test(value);
  if (Array.isArray(value)) return value.some(readsSecret);
  return isRecord(value) && Object.values(value).some(readsSecret);
}
