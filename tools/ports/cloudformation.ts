import type { Json } from '../../src/kernel/digest.ts';
import type { HiddenUses } from './hidden-uses.ts';
import type { LiveComparison } from './live-comparison.ts';
import type { NameTree } from './made-names.ts';
import type { Page } from './pages.ts';
import type { SecretRead } from './secret-reads.ts';
import type { AttributePolicies, Given, WorkedOut } from './written.ts';

/**
 * What tools see of CloudFormation. Three ports, three types: a reader can't change AWS, a planner makes change sets
 * and nothing else, a writer sends one request per call, once. `src/aws` implements them; texts in results are AWS's
 * own, unescaped.
 */

export interface Stack {
  /** The stack's ARN. */
  readonly stack_id: string;
  readonly stack_name: string;
  readonly stack_status: string;
  readonly stack_status_reason?: string;
  readonly description?: string;
  /** ISO 8601 */
  readonly creation_time: string;
  readonly last_updated_time?: string;
  readonly deletion_time?: string;
  readonly termination_protection: boolean;
  readonly parent_id?: string;
  readonly role_arn?: string;
  /** The topics that are told of its events, and the alarms that roll it back; absent: none. */
  readonly notification_arns?: readonly string[];
  readonly rollback_triggers?: readonly string[];
  /** What the last drift detection found, if there was one: `DRIFTED`, `IN_SYNC`… */
  readonly drift?: { readonly status: string; readonly checked_at?: string };
  /** NoEcho values are masks of their place, whatever the endpoint returned. */
  readonly parameters: readonly { readonly key: string; readonly value: string }[];
  readonly outputs: readonly { readonly key: string; readonly value: string; readonly export_name?: string }[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface StackSummary
  extends Pick<Stack, 'stack_id' | 'stack_name' | 'stack_status' | 'creation_time'>,
    Pick<Stack, 'last_updated_time' | 'deletion_time'> {
  readonly template_description?: string;
}

export interface StackResource {
  readonly logical_id: string;
  readonly physical_id?: string;
  readonly type: string;
  readonly status: string;
  readonly status_reason?: string;
  readonly last_updated?: string;
  /** What the last drift detection found of it: `MODIFIED`, `DELETED`, `IN_SYNC`… Absent: never looked at. */
  readonly drift?: string;
}

export interface StackEvent {
  readonly event_id: string;
  /** ISO 8601 */
  readonly at: string;
  readonly logical_id: string;
  readonly physical_id?: string;
  readonly type: string;
  readonly status: string;
  readonly status_reason?: string;
  /** The token of the operation that the event belongs to: the oracle for "did our request arrive?". */
  readonly client_request_token?: string;
}

/** One changed property. Values are absent where AWS gives none, and masks where they are secret (`masks.ts`). */
export interface PropertyChange {
  readonly attribute: string;
  readonly name?: string;
  readonly requires_recreation: 'Never' | 'Conditionally' | 'Always' | 'Unknown';
  readonly before?: string;
  readonly after?: string;
  /** What alone it comes from, where AWS is sure of that: `Function` or `Function.Arn` of the same template. */
  readonly cause?: string;
}

export interface ResourceChange {
  readonly action: string;
  readonly logical_id: string;
  readonly physical_id?: string;
  readonly type: string;
  readonly replacement?: string;
  readonly policy_action?: string;
  readonly scope: readonly string[];
  readonly properties: readonly PropertyChange[];
  readonly nested_change_set?: string;
  /** How many of the account's hooks run with it. */
  readonly hooks?: number;
  /** The resource as it would be, when AWS tells: JSON text. */
  readonly before_context?: string;
  readonly after_context?: string;
  /** Why it isn't believed, in words; empty where all that AWS says of it is understood and fits. */
  readonly doubts: readonly string[];
}

export interface ChangeSet {
  readonly change_set_id: string;
  readonly change_set_name: string;
  readonly stack_id: string;
  readonly stack_name: string;
  readonly status: string;
  readonly status_reason?: string;
  readonly execution_status: string;
  /** The values that it will use, masked like a stack's, without those that are kept; empty until it is made. */
  readonly parameters: readonly { readonly key: string; readonly value: string }[];
  /** All pages. */
  readonly changes: readonly ResourceChange[];
  /** Why it isn't believed as a whole, in words. */
  readonly doubts: readonly string[];
}

/** What a template declares for one resource beside the values of its properties. */
export interface ResourcePolicies extends WorkedOut, AttributePolicies {
  readonly type: string;
  readonly deletion_policy?: string;
  readonly update_replace_policy?: string;
  /** Without a DeletionPolicy it is deleted after a final snapshot. */
  readonly snapshot_by_default?: true;
  /**
   * JSON pointers, from its properties on, of the values that the template takes from a resource of its own, by their
   * expressions: what looks like its own may be anyone's. With the logical ids of all that each may be.
   */
  readonly own_values?: ReadonlyMap<string, readonly string[]>;
  /** Which VPC a VPC or security group is or is in: the same word for the same one. Absent where it can't be told. */
  readonly network?: string;
  /** Of a VPC: its IPv4 range, where the template writes it down. */
  readonly range?: string;
  /** In its properties, which texts name a resource of the template, as policies name one. */
  readonly made_names?: NameTree;
  /**
   * By JSON pointer, from its properties on, the resources that a value is worked out from: `LogicalId` or
   * `LogicalId.Attribute`; `*` for any. What isn't here stands in the template as it is.
   */
  readonly value_sources?: Readonly<Record<string, readonly string[]>>;
  /** It has no `UpdatePolicy` by which members are ended for new ones when what they are made by changes. */
  readonly keeps_members?: true;
  /** Of a part of an API: which calls it answers (`src/aws/template/answers.ts`). Absent where it may be any. */
  readonly answers?: string;
  /** Of a role: the services that may be it, where its trust lets in nothing else. */
  readonly trusted_services?: readonly string[];
}

/** What plans need of a template: never the text itself, which may hold secrets. */
export interface TemplateFacts extends HiddenUses {
  /** SHA-256 hex of the template text as AWS has it. */
  readonly sha256: string;
  readonly bytes: number;
  readonly resources: Readonly<Record<string, ResourcePolicies>>;
  /** The names of all parameters that it declares. */
  readonly parameters: readonly string[];
  readonly no_echo_parameters: readonly string[];
  /** Those that are given the name of a parameter of Systems Manager, and stand for its value. */
  readonly looked_up_parameters: readonly string[];
  /** The defaults of parameters that are plain text and no secret. */
  readonly parameter_defaults: Readonly<Record<string, string>>;
  readonly secret_reads: readonly SecretRead[];
  /** Transforms (macros), which may change anything before CloudFormation sees it. */
  readonly transforms: readonly string[];
  /** Resources that are templates of their own, with where each of these is: a text, or a function that gives one. */
  readonly nested: readonly { readonly logical_id: string; readonly type: string; readonly url: Json | undefined }[];
  /** The names in its `Hooks` section: deployments that something else than CloudFormation carries out. */
  readonly hooks: readonly string[];
}

/** What a second reading of the templates says of one resource. It counts only where it is worse than what AWS says. */
export interface Opinion {
  readonly logical_id: string;
  readonly effect: 'replace' | 'expose';
  readonly why: string;
  /** Of policies (who may do what), of network rules, or of what replaces in some cases alone. */
  readonly about?: 'access' | 'network' | 'maybe';
}

export interface CloudFormationReader {
  /** By name or ARN; undefined when there is no such stack. */
  stack(nameOrArn: string): Promise<Stack | undefined>;
  stacks(options: { readonly statuses?: readonly string[]; readonly cursor?: string }): Promise<Page<StackSummary>>;
  /** One page of at most 100. */
  resources(nameOrArn: string, cursor?: string): Promise<Page<StackResource>>;
  /** All pages, newest first, back to `since` (ISO 8601). */
  events(nameOrArn: string, since: string): Promise<readonly StackEvent[]>;
  /** @param stackNameOrArn undefined only with the ARN of a change set, which names its stack */
  changeSet(stackNameOrArn: string | undefined, changeSetNameOrArn: string): Promise<ChangeSet | undefined>;
  /** The same of a change set that was made only to show. Both by their ARNs. */
  liveComparison(stackId: string, changeSetId: string): Promise<LiveComparison | undefined>;
  changeSets(
    stackNameOrArn: string,
  ): Promise<readonly { readonly change_set_id: string; readonly change_set_name: string }[]>;
  /** The template that a stack runs, or a change set would make it run; its values are worked out where `given`. */
  template(stackNameOrArn: string, changeSetNameOrArn?: string, given?: Given): Promise<TemplateFacts>;
  /**
   * A second reading of what a change set does to some resources, from the two templates alone. Empty where the reader
   * isn't installed or can't tell: the change set is the authority.
   */
  secondOpinion(question: {
    readonly stack_id: string;
    readonly change_set_id: string;
    /** There is no template yet that it would change. */
    readonly creating: boolean;
    /** The resources that the change set lists, and by their ids the properties that it changes in place. */
    readonly logical_ids: readonly string[];
    readonly in_place: Readonly<Record<string, readonly string[]>>;
  }): Promise<readonly Opinion[]>;
  /**
   * Works out the same facts from a template text that isn't in AWS yet.
   * @throws invalid_input when it can't be read
   */
  readTemplate(text: string): TemplateFacts;
  /**
   * The transforms that a template declares, by AWS's own reading of it: a text in which our reader finds none may be
   * read otherwise there. Of a text, or of the template that a stack has.
   * @throws invalid_input where AWS can't read it
   */
  declaredTransforms(template: { readonly text: string } | { readonly stack_id: string }): Promise<readonly string[]>;
  /** What AWS says of the template at a URL; undefined where it can't, or may not, be read. */
  templateAt(url: string): Promise<TemplateAtUrl | undefined>;
  /**
   * An agent's template with the secrets of which it was shown masks, as the stack has them.
   * @param stackId undefined where there is no stack yet
   * @throws invalid_input for a mask where nothing is hidden
   */
  completed(text: string, stackId: string | undefined): Promise<CompletedTemplate>;
  /**
   * The first thing that depends on a hidden value, and that the stack doesn't have: while AWS plans, its answer tells
   * of the value. With the parameters that it may be of. @param question `stack_id`: names are worked out by it
   */
  newTest(question: NewTests): Promise<{ readonly parameters: readonly string[] } | undefined>;
}

type NewTests = Pick<ChangeSetRequest, 'parameters' | 'template'> & { stack: Stack | undefined; stack_id: string };

/** A template that is about to be sent. Its text, which may hold secrets, stays with the reader and the planner. */
export interface CompletedTemplate {
  /** What AWS says of it, without the secrets in it. */
  hide(text: string): string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceToImport.html */
export interface ResourceToImport {
  readonly resource_type: string;
  readonly logical_resource_id: string;
  readonly resource_identifier: Readonly<Record<string, string>>;
}

export interface ChangeSetRequest {
  readonly stack_name: string;
  readonly change_set_name: string;
  readonly type: 'CREATE' | 'UPDATE' | 'IMPORT';
  readonly client_token: string;
  /** Absent: the template that the stack runs now. */
  readonly template?: CompletedTemplate;
  readonly parameters: readonly {
    readonly key: string;
    readonly value?: string;
    readonly use_previous_value?: boolean;
  }[];
  /** What must not be repeated from AWS's errors. */
  readonly secrets?: readonly string[];
  /** Absent: the tags stay. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  /** For `IMPORT`: what exists already, and by which of its properties AWS finds it. */
  readonly resources_to_import?: readonly ResourceToImport[];
  readonly description: string;
  /** It compares with the actual state, and reverts that if it is executed: only to be read, and deleted. */
  readonly only_to_show?: true;
}

export interface CloudFormationPlanner {
  /** Removes one that was made only to show; no other. */
  deleteShownChangeSet(request: { readonly change_set_name: string; readonly stack_id: string }): Promise<void>;
  createChangeSet(request: ChangeSetRequest): Promise<{ readonly change_set_id: string; readonly stack_id: string }>;
}

export interface CloudFormationWriter {
  executeChangeSet(request: {
    readonly change_set_arn: string;
    readonly stack_id: string;
    readonly token: string;
  }): Promise<void>;
  /** @param stack_id an ARN, never a name: a name could by now be another stack */
  deleteStack(request: {
    readonly stack_id: string;
    readonly retain_resources?: readonly string[];
    readonly token: string;
  }): Promise<void>;
  deleteChangeSet(request: { readonly change_set_name: string; readonly stack_id: string }): Promise<void>;
}

/** A template that is named by its URL alone: who may write there can put another in its place. */
export interface TemplateAtUrl {
  readonly transforms: readonly string[];
  /** A digest of all that AWS says of it, which isn't its text: another template may have the same. */
  readonly digest: string;
}
