import { NormalizedSchema } from '@smithy/core/schema';

/** A schema as the SDK clients export them (`DescribeStacks$`, …). */
export type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

/** An operation's schema: [kind, namespace, name, traits, input, output]. */
export type OperationSchema = { readonly 2: string; readonly 4: SchemaRef; readonly 5: SchemaRef };

export type Protocol = 'awsQuery' | 'ec2Query' | 'awsJson';

export function normalize(schema: SchemaRef): NormalizedSchema {
  return NormalizedSchema.of(schema);
}

/** The trait's text, where a schema carries it. */
export function trait(schema: NormalizedSchema, name: 'xmlName' | 'ec2QueryName'): string | undefined {
  const value: unknown = schema.getMergedTraits()[name];
  return typeof value === 'string' ? value : undefined;
}
