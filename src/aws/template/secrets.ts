import type { Given } from '../../../tools/ports/written.ts';
import { isRecord, parseTemplate, record, STORED_BYTES } from './document.ts';
import { hiddenValues } from './hidden-values.ts';
import { importsIn, nestedOutputsIn } from './named-elsewhere.ts';
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

/** Values of other stacks that everyone may see. */
export type Open = Pick<Given, 'open_exports' | 'open_outputs'>;

/** They rest on what is known of the other stacks that the template takes from. */
export interface SecretsOf extends Pick<TemplateSecrets, 'parameters' | 'noEcho'> {
  /** All outputs. */
  readonly named: ReadonlySet<string>;
  readonly imports: ReadonlySet<string>;
  /** `Nested.Outputs.Name` */
  readonly nested: ReadonlySet<string>;
  /** @param isMasked which parameters are hidden besides those that are NoEcho: by their names, or by their values */
  with(open: Open, isMasked: (parameter: string) => boolean): TemplateSecrets;
}

/** @throws invalid_input when the template can't be read */
export function readTemplateSecrets(text: string): SecretsOf {
  const template = parseTemplate(text, STORED_BYTES);
  const declared = Object.entries(record(template.Parameters));
  const parameters = new Set(declared.map(([name]) => name));
  const noEcho = new Set(declared.flatMap(([name, parameter]) => (isNoEcho(parameter) ? [name] : [])));
  const outputs = Object.entries(record(template.Outputs));
  const given = { stack_id: '', values: Object.fromEntries([...parameters].map((name) => [name, NOT_KNOWN])) };
  const named = (has: (output: unknown) => boolean) =>
    new Set(outputs.flatMap(([name, output]) => (has(output) ? [name] : [])));
  // The same until something is another: a stack is shown more often than it changes.
  let last: { readonly key: string; readonly found: TemplateSecrets } | undefined;
  return {
    parameters,
    noEcho,
    named: named(() => true),
    nested: nestedOutputsIn(outputs.length > 0 ? text : ''),
    imports: importsIn(outputs.length > 0 ? text : '', given),
    with(open, isMasked) {
      const hidden = new Set([...parameters].filter((name) => noEcho.has(name) || isMasked(name)));
      const sets = [hidden, open.open_exports, open.open_outputs].map((set) => [...(set ?? [])].sort());
      const key = JSON.stringify(sets);
      if (last?.key === key) return last.found;
      const isHidden = (name: string) => hidden.has(name);
      const { takes } =
        outputs.length > 0
          ? hiddenValues(text, { isHidden, literals: true, given: { ...given, ...open } })
          : { takes: () => false };
      const found = {
        parameters,
        noEcho,
        outputs: named((output) => takes(output) || readsSecret(output)),
        exports: named((output) => takes(record(output).Export)),
      };
      last = { key, found };
      return found;
    },
  };
}

function readsSecret(value: unknown): boolean {
  if (typeof value === 'string') return /\{\{resolve:(secretsmanager|ssm-secure):/.test(value);
  if (Array.isArray(value)) return value.some(readsSecret);
  return isRecord(value) && Object.values(value).some(readsSecret);
}
