import type { StackResource } from './cloudformation.ts';

/** A stack as AWS tells it to who may read it, with what is secret in it: for a recovery kit, and for nothing else. */
export interface StackAsItIs {
  readonly stack_id: string;
  readonly stack_name: string;
  readonly stack_status: string;
  readonly description?: string;
  /** The template as people wrote it, and as AWS made it of that where the two differ. */
  readonly template: string;
  readonly processed_template?: string;
  /** Of those whose value AWS tells: a NoEcho one's is nowhere to be read. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Those whose value AWS doesn't tell. */
  readonly untold_parameters: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly notification_arns: readonly string[];
  /** The alarms that AWS watches while it is changed, and how many minutes after. */
  readonly rollback: {
    readonly triggers: readonly { readonly arn: string; readonly type: string }[];
    readonly minutes: number;
  };
  readonly role_arn?: string;
  readonly termination_protection: boolean;
  readonly stack_policy?: string;
  readonly outputs: readonly KeptOutput[];
  readonly resources: readonly StackResource[];
}

export interface KeptOutput {
  readonly key: string;
  readonly value: string;
  readonly export_name?: string;
  /** The stacks that import it, by name; absent where that isn't told, or of more exports than are asked about. */
  readonly imported_by?: readonly string[];
}

/** A change set as AWS tells it to who may read it, with what is secret in it: for rehearsals, and for nothing else. */
export interface ChangeSetAsItIs {
  readonly template: string;
  /** Of those whose value AWS tells. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly changes: readonly ChangeAsTold[];
  /** Of the nested stacks that it changes or makes, by their logical ids. */
  readonly nested: Readonly<Record<string, ChangeSetAsItIs>>;
}

export interface ChangeAsTold {
  readonly logical_id: string;
  readonly type: string;
  readonly action: string;
  readonly replacement: string;
}

export interface CloudFormationKeeper {
  /**
   * @param changeSetId an ARN
   * @throws not_found where there is none
   */
  changeSet(changeSetId: string): Promise<ChangeSetAsItIs>;
  /** @param stackId an ARN @throws not_found where there is none */
  stack(stackId: string): Promise<StackAsItIs>;
  /** Its stack policy; undefined where it has none. */
  stackPolicy(stackId: string): Promise<string | undefined>;
}
