import fc from 'fast-check';
import { z } from 'zod';
import type { Tool } from '../../tools/define.ts';

/*
 * Calls as a confused or hostile model makes them: every argument of the tool's own schema, left out, of the right
 * form, of another form or of another type; and arguments that the tool doesn't have.
 */

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

const HOSTILE = [
  '',
  '*',
  '-rf',
  '--force',
  'i-*',
  '../../etc/passwd',
  "'; DROP TABLE ticket; --",
  '\u001b[2J\u001b]52;c;aGk=\u0007',
  '\u202etxt.exe',
  '\u0000',
  '$(reboot)',
  '{"a":1}',
  '__proto__',
  'constructor',
  'x'.repeat(5_000),
  '\ud800',
  'arn:aws:cloudformation:eu-west-1:123456789012:stack/*/x',
  'i-0123456789abcdef0,i-0123456789abcdef1',
  '0.0.0.0/0',
  'null',
  'NaN',
];

function isOf({ type }: Schema, value: unknown): boolean {
  if (Array.isArray(value)) return type === 'array';
  return typeof value === (type === 'integer' ? 'number' : type);
}

/** What exists, so that calls get past their arguments. */
export interface Known {
  /** For any argument at all. */
  readonly anywhere: readonly string[];
  /** By the name of the argument that it is made for. */
  readonly named: Readonly<Record<string, readonly unknown[]>>;
}

export function callsOf(tool: Tool, { anywhere, named: byName }: Known): fc.Arbitrary<Record<string, unknown>> {
  const { properties = {} } = z.toJSONSchema(tool.input, { io: 'input' }) as Schema;
  const text = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...anywhere) },
    { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  );
  const junk: fc.Arbitrary<unknown> = fc.oneof(
    text,
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(-1, 1e300, null, [], {}),
  );
  const fitting = (schema: Schema, name = ''): fc.Arbitrary<unknown> => {
    const known = Object.hasOwn(byName, name) ? (byName[name] ?? []).filter((value) => isOf(schema, value)) : [];
    const any = ofForm(schema, name);
    if (known.length === 0) return any;
    return fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any });
  };
  const ofForm = (schema: Schema, name: string): fc.Arbitrary<unknown> => {
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => fitting(one, name)));
    if (schema.enum) return fc.constantFrom(...schema.enum);
    switch (schema.type) {
      case 'string':
        if (name === 'reason') return fc.constantFrom('The deployment left it behind, see ticket 42.', 'no');
        if (name === 'region') return fc.constantFrom('eu-west-1', 'eu-west-1', 'eu-west-1', 'mars-1');
        return text;
      case 'boolean':
        return fc.boolean();
      case 'integer':
      case 'number':
        return fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer(), fc.double());
      case 'array':
        return fc.array(fitting(schema.items ?? {}, name), { maxLength: 4 });
      case 'object': {
        const members = Object.entries(schema.properties ?? {});
        if (members.length > 0)
          return fc.record(Object.fromEntries(members.map(([key, member]) => [key, fitting(member, key)])), {
            requiredKeys: [],
          });
        const { additionalProperties } = schema;
        return fc.dictionary(text, typeof additionalProperties === 'object' ? fitting(additionalProperties) : junk, {
          maxKeys: 3,
        });
      }
      default:
        return junk;
    }
  };
  const member = (schema: Schema, name: string) =>
    fc.oneof({ weight: 12, arbitrary: fitting(schema, name) }, { weight: 1, arbitrary: junk });
  const named = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, member(schema, name)])),
    { requiredKeys: [...('reason' in properties ? ['reason'] : [])] },
  );
  const foreign = fc.dictionary(fc.constantFrom('approved', 'state', 'force', 'dry_run', 'profile', 'x'), junk, {
    maxKeys: 1,
  });
  return fc
    .tuple(named, fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: foreign }))
    .map(([given, more]) => ({ ...given, ...more }) as Record<string, unknown>);
}
