import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { startCloud } from './cloud.ts';

/** The roles of docs/aws-setup.md, as their texts stand on the page. */

const page = readFileSync(new URL('../../docs/aws-setup.md', import.meta.url), 'utf8');

export interface Statement {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly [member: string]: unknown;
}

interface Document {
  readonly Statement: readonly Statement[];
}

interface RoleProperties {
  readonly AssumeRolePolicyDocument: Document;
  readonly Policies: readonly { readonly PolicyName: string; readonly PolicyDocument: Document }[];
  readonly MaxSessionDuration?: number;
}

export interface Template {
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: RoleProperties }>>;
}

/** The page's template, with `!Ref` written out. */
export function documentedTemplate(): Template {
  const [, text = ''] = /```yaml\n(AWSTemplateFormatVersion[\s\S]*?)```/.exec(page) ?? [];
  return parse(text, { customTags: [{ tag: '!Ref', resolve: (name: string) => ({ Ref: name }) }] }) as Template;
}

/** What the page has in Terraform's language. */
export function documentedTerraform(): string {
  return /```hcl\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
}

/** What the page gives the one that Holdshort runs as, where that is a role. */
export function documentedPrincipal(): Document {
  const [, text = '{}'] = /```json\n(\{[^`]*"BeTheRoles"[\s\S]*?)```/.exec(page) ?? [];
  return JSON.parse(text) as Document;
}

export const statementsOf = ({ Resources }: Template): readonly Statement[] =>
  Object.values(Resources).flatMap(({ Properties: { AssumeRolePolicyDocument: trust, Policies } }) => [
    ...trust.Statement,
    ...Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
  ]);

/** The template with each statement as `change` leaves it, and without those that it leaves out. */
export function changed(template: Template, change: (statement: Statement) => Statement | undefined): Template {
  const among = (document: Document): Document => ({
    ...document,
    Statement: document.Statement.flatMap((one) => change(one) ?? []),
  });
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).map(([name, { Type, Properties }]) => [
      name,
      {
        Type,
        Properties: {
          ...Properties,
          AssumeRolePolicyDocument: among(Properties.AssumeRolePolicyDocument),
          Policies: Properties.Policies.map((policy) => ({ ...policy, PolicyDocument: among(policy.PolicyDocument) })),
        },
      },
    ]),
  );
  return { ...template, Resources };
}

export const without = (template: Template, sid: string): Template =>
  changed(template, (one) => (one.Sid === sid ? undefined : one));

const ACCOUNT = '123456789012';
/** Who signs with a key that no role's session has. */
export const USER = `arn:aws:iam::${ACCOUNT}:user/sandbox`;
export const EXTERNAL_ID = 'of-this-installation';
export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
export const EXECUTE = roleArn('holdshort-execute');

export const ROLES = `aws:
  read_role_arn: ${roleArn('holdshort-read')}
  execution_role_arn: ${EXECUTE}
  external_id: ${EXTERNAL_ID}
`;

type Seed = NonNullable<Parameters<typeof startCloud>[0]>;

/** A cloud in which somebody made the roles. */
export function withRoles(seed: Seed, template: Template, principal: string = USER): Seed {
  const roles = {
    name: 'holdshort-roles',
    template: template as unknown as Record<string, unknown>,
    parameters: { Principal: principal, ExternalId: EXTERNAL_ID },
  };
  return { ...seed, stacks: [...(seed.stacks ?? []), roles] };
}
