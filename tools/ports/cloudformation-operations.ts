import type { StackEvent } from './cloudformation.ts';
import type { ObstacleReader } from './deletion-obstacles.ts';
import type { Page } from './pages.ts';

/**
 * What else tools see of CloudFormation: events, templates, drift, exports, and the operations on a stack that are no
 * deployment.
 */

export interface TemplateText {
  /** The whole text, with what is secret in it as `****`. */
  readonly text: string;
  /** SHA-256 hex of the text as AWS has it. */
  readonly sha256: string;
}

export interface TemplateParameter {
  readonly name: string;
  readonly type?: string;
  readonly default?: string;
  readonly no_echo: boolean;
  readonly description?: string;
}

export type TemplateValidation =
  | {
      readonly valid: true;
      readonly description?: string;
      readonly parameters: readonly TemplateParameter[];
      readonly capabilities: readonly string[];
      readonly capabilities_reason?: string;
      readonly transforms: readonly string[];
    }
  | { readonly valid: false; readonly complaint: string };

export interface StackExport {
  readonly name: string;
  /** The ARN of the stack that exports it. */
  readonly exporting_stack: string;
}

export interface DriftDetection {
  readonly stack_id: string;
  /**
   * `DETECTION_IN_PROGRESS`, `DETECTION_COMPLETE` or `DETECTION_FAILED` (then there are results for some resources).
   */
  readonly status: string;
  readonly status_reason?: string;
  readonly stack_drift_status?: string;
  readonly drifted_resources?: number;
}

export interface PropertyDifference {
  readonly property_path: string;
  readonly difference: string;
  readonly expected?: string;
  readonly actual?: string;
}

export interface ResourceDrift {
  readonly logical_id: string;
  readonly physical_id?: string;
  readonly type: string;
  /** `MODIFIED` or `DELETED`. */
  readonly drift_status: string;
  readonly differences: readonly PropertyDifference[];
}

export interface StackOperationsReader extends ObstacleReader {
  /** One page, newest first. */
  eventPage(nameOrArn: string, cursor?: string): Promise<Page<StackEvent>>;
  /**
   * The template that a stack runs: as people wrote it, or as AWS made it of that, with what macros and loops stand
   * for.
   * @throws invalid_input when secrets can't be told from the rest
   */
  templateText(nameOrArn: string, stage?: 'Original' | 'Processed'): Promise<TemplateText>;
  validateTemplate(templateBody: string): Promise<TemplateValidation>;
  exports(cursor?: string): Promise<Page<StackExport>>;
  /** Its value as the outputs of its stack are shown. */
  exportValue(one: StackExport): Promise<string>;
  /**
   * Names of the stacks that import an export; undefined when that can't be asked (not allowed, or the endpoint doesn't
   * know how).
   */
  importers(exportName: string): Promise<readonly string[] | undefined>;
  /** JSON text; undefined for a stack that has none. */
  stackPolicy(nameOrArn: string): Promise<string | undefined>;
  /** Starts a detection, which changes nothing but AWS's own notes. Returns its id. */
  detectDrift(nameOrArn: string): Promise<string>;
  /** @throws not_found for an id that AWS doesn't know (any more) */
  driftDetection(id: string): Promise<DriftDetection>;
  /** One page of the resources that the last detection found changed or deleted. */
  resourceDrifts(nameOrArn: string, cursor?: string): Promise<Page<ResourceDrift>>;
}

/** @property stack_id an ARN, never a name: a name could by now be another stack */
interface OfStack {
  readonly stack_id: string;
}

export interface StackOperationsWriter {
  updateTerminationProtection(request: OfStack & { readonly enabled: boolean }): Promise<void>;
  setStackPolicy(request: OfStack & { readonly body: string }): Promise<void>;
  cancelUpdateStack(request: OfStack & { readonly token: string }): Promise<void>;
  continueUpdateRollback(
    request: OfStack & { readonly resources_to_skip: readonly string[]; readonly token: string },
  ): Promise<void>;
  rollbackStack(request: OfStack & { readonly token: string }): Promise<void>;
}
