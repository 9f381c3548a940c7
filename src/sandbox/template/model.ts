import type { Json, JsonObject } from './json.ts';

export interface TemplateResource {
  readonly type: string;
  readonly properties: JsonObject;
  readonly condition: string | undefined;
  readonly dependsOn: readonly string[];
  readonly metadata: Json | undefined;
  readonly deletionPolicy: string | undefined;
  readonly updateReplacePolicy: string | undefined;
}

export interface Template {
  /** As it was sent: GetTemplate gives it back unchanged. */
  readonly body: string;
  /** With loops written out, where there are transforms; else as it was sent. */
  readonly processed: string;
  readonly description: string | undefined;
  readonly metadata: Json | undefined;
  readonly parameters: Record<string, JsonObject>;
  readonly mappings: Record<string, JsonObject>;
  readonly conditions: JsonObject;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly outputs: Record<string, JsonObject>;
}
