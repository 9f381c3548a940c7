import { z } from 'zod';
import { digestOf, type Json, stableJson } from '../src/kernel/digest.ts';
import type { ChangeTool, Tool } from './define.ts';

export interface InputSchema {
  readonly type: 'object';
  readonly [key: string]: Json;
}

/**
 * What the build worked out (`build.ts`), by tool: making all of them at each start would take a tenth of it. From
 * source there is nothing, and each is made when first asked for.
 */
declare const BUILT_SCHEMAS: { readonly [tool: string]: InputSchema };
const built: Partial<typeof BUILT_SCHEMAS> = typeof BUILT_SCHEMAS === 'undefined' ? {} : BUILT_SCHEMAS;

const schemas = new WeakMap<Tool, InputSchema>();

/**
 * Bounds are in the code that checks them: a refusal says what to do instead, while in the list every conversation pays
 * for them.
 */
const UNLISTED = ['minLength', 'maxLength', 'minItems', 'maxItems', 'propertyNames'] as const;

/** A tool's input as JSON Schema 2020-12, as clients get it. */
export function inputSchemaOf(tool: Tool): InputSchema {
  const known = built[tool.name] ?? schemas.get(tool);
  if (known) return known;
  const { $schema: _, ...schema } = z.toJSONSchema(tool.input, {
    io: 'input',
    override({ jsonSchema }) {
      for (const bound of UNLISTED) delete jsonSchema[bound];
    },
  }) as Record<string, Json>;
  const made: InputSchema = { ...schema, type: 'object' };
  schemas.set(tool, made);
  return made;
}

/** Is in every plan for the version of the tool that made it: of what it takes, stores, and leaves in AWS. */
export function schemaDigestOf(tool: ChangeTool): string {
  const { makes } = tool;
  const forms = {
    input: inputSchemaOf(tool),
    stored: formOf(tool.stored),
    ...(tool.guard && { guard: formOf(tool.guard) }),
    ...(makes && { makes: { what: makes.what, request: makes.request, residue: formOf(makes.residue) } }),
  };
  return digestOf('holdshort/schema/v1', stableJson(forms));
}

function formOf(schema: z.ZodType): Json {
  const { $schema: _, ...form } = z.toJSONSchema(schema) as Record<string, Json>;
  return form;
}
