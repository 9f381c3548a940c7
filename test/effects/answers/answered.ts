import type { Aws } from '../../../src/aws/index.ts';
import { HoldshortError } from '../../../src/kernel/errors.ts';
import { NO_RULES } from '../../../src/kernel/rules.ts';
import type { Planned } from '../../../tools/define.ts';
import { TOOLS } from '../../../tools/index.ts';
import { answering } from '../../tools/written-answers.ts';

/* A deployment's plan where AWS's answers are written out: what it says of a change set, and of the stack around it. */

type Members = Readonly<Record<string, unknown>>;

export interface Told {
  readonly changes: readonly unknown[];
  /** Other members of the answer to DescribeChangeSet, in place of those that fit. */
  readonly answer?: Members;
  /** The members of further pages, each after the one before. */
  readonly pages?: readonly Members[];
  /** What ListStackResources says the stack has. */
  readonly resources: readonly Members[];
  /** Of the stack itself, in place of what fits. */
  readonly stack?: Members;
  readonly before: Members;
  readonly after: Members;
  /** The templates as AWS processes them, where they aren't the same. */
  readonly processed?: { readonly before: Members; readonly after: Members };
  readonly parameters?: Readonly<Record<string, string>>;
}

const STACK = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/dev-orders/0b1c';
const CHANGE_SET = 'arn:aws:cloudformation:eu-west-1:123456789012:changeSet/holdshort-t/0c2d';

const STACK_NOW = {
  StackId: STACK,
  StackName: 'dev-orders',
  StackStatus: 'UPDATE_COMPLETE',
  CreationTime: '2026-01-01T00:00:00Z',
};
const CHANGE_SET_NOW = {
  ChangeSetId: CHANGE_SET,
  ChangeSetName: 'holdshort-t',
  StackId: STACK,
  StackName: 'dev-orders',
  Status: 'CREATE_COMPLETE',
  ExecutionStatus: 'AVAILABLE',
};

/** What the plan says. @throws HoldshortError where it is refused */
async function planOf(told: Told): Promise<Planned> {
  const aws: Aws = await answering((action, form) => answerOf(told, action, form));
  const tool = TOOLS.find(({ name }) => name === 'cloudformation_deploy_stack');
  if (tool?.kind !== 'change') throw new Error('no tool deploys');
  const stored = { stack_name: 'dev-orders', ...(told.parameters ? { parameters: told.parameters } : {}) };
  const made = { what: 'change set', id: CHANGE_SET, stack_id: STACK, created_stack: false };
  return await tool.plan(stored, await aws.readers(), made, NO_RULES);
}

/** The code of the refusal, or the plan. */
export async function planOrCode(told: Told): Promise<Planned | string> {
  return await planOf(told).catch((error: unknown) => {
    if (error instanceof HoldshortError) return error.code;
    throw error;
  });
}

function answerOf(told: Told, action: string, form: URLSearchParams): string {
  const { changes, answer = {}, pages = [], resources, stack = {} } = told;
  switch (action) {
    case 'DescribeStacks':
      return xml({ Stacks: [{ ...STACK_NOW, ...stack }] });
    case 'ListStackResources':
      return xml({ StackResourceSummaries: resources });
    case 'GetTemplate':
      return xml({ TemplateBody: JSON.stringify(templateOf(told, form)) });
    case 'DescribeChangeSet':
      return xml({
        ...CHANGE_SET_NOW,
        Changes: changes,
        ...answer,
        ...(pages[Number(form.get('NextToken') ?? 0) - 1] ?? {}),
      });
    case 'ListExports':
      return '<Exports/>';
    case 'DescribeTags':
      return '<tagSet/>';
    case 'ListRoleTags':
      return '<Tags/>';
    default:
      throw new Error(`${action} was not foreseen`);
  }
}

function templateOf({ before, after, processed }: Told, form: URLSearchParams): Members {
  const templates = processed && form.get('TemplateStage') === 'Processed' ? processed : { before, after };
  return form.has('ChangeSetName') ? templates.after : templates.before;
}

function xml(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => `<member>${xml(item)}</member>`).join('');
  if (typeof value !== 'object') return escaped(String(value));
  return Object.entries(value)
    .filter(([, inner]) => inner !== null && inner !== undefined)
    .map(([name, inner]) => `<${name}>${xml(inner)}</${name}>`)
    .join('');
}

function escaped(text: string): string {
  return [...text].map((one) => (/[<>&\p{Cc}]/u.test(one) ? `&#${one.codePointAt(0)};` : one)).join('');
}
