import { variablesOf } from '../../../tools/ports/substitution.ts';
import { parseTemplate, record, STORED_BYTES } from './document.ts';
import { isNoEcho } from './template.ts';

/** Which of a stack's values are secret, by the names that its template gives them. */
export interface TemplateSecrets {
  /** All that are declared: one that isn't is a secret too, for all that is known. */
  readonly parameters: ReadonlySet<string>;
  readonly noEcho: ReadonlySet<string>;
  /** Outputs worked out from a NoEcho parameter or a secret's dynamic reference. */
  readonly outputs: ReadonlySet<string>;
}

/** @throws invalid_input when the template can't be read */
export function readTemplateSecrets(text: string): TemplateSecrets {
  const template = parseTemplate(text, STORED_BYTES);
  const parameters = Object.entries(record(template.Parameters));
  const noEcho = new Set(parameters.flatMap(([name, parameter]) => (isNoEcho(parameter) ? [name] : [])));
  const outputs = Object.entries(record(template.Outputs)).filter(([, output]) => repeats(output, noEcho));
  return {
    parameters: new Set(parameters.map(([name]) => name)),
    noEcho,
    outputs: new Set(outputs.map(([name]) => name)),
  };
}

/** Does a value use one of the parameters, by `Ref` or within `Fn::Sub`, or a dynamic reference to a secret? */
function repeats(value: unknown, names: ReadonlySet<string>): boolean {
  if (typeof value === 'string') {
    if (/\{\{resolve:(secretsmanager|ssm-secure):/.test(value)) return true;
    return variablesOf(value).some((name) => names.has(name));
  }
  if (typeof value !== 'object' || value === null) return false;
  const reference = (value as { Ref?: unknown }).Ref;
  if (typeof reference === 'string' && names.has(reference)) return true;
  return Object.values(value).some((inner) => repeats(inner, names));
}
