import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { TOOLS } from '../../tools/index.ts';

const page = readFileSync(new URL('../../docs/aws-setup.md', import.meta.url), 'utf8');
const [, template = ''] = /```yaml\n(AWSTemplateFormatVersion[\s\S]*?)```/.exec(page) ?? [];

interface Role {
  readonly Properties: {
    readonly Policies: readonly {
      readonly PolicyDocument: { readonly Statement: readonly { readonly Action: string[] }[] };
    }[];
  };
}

/** The actions of a role's first statement. */
function allowed(name: 'Read' | 'Execute'): readonly string[] {
  const { Resources } = parse(template, { logLevel: 'silent' }) as { Resources: Record<string, Role> };
  return Resources[name]?.Properties.Policies[0]?.PolicyDocument.Statement[0]?.Action ?? [];
}

const fits = (action: string, patterns: readonly string[]) =>
  patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(action));

test('the roles of docs/aws-setup.md may do what the tools ask for, and the one that reads changes nothing', () => {
  const reads = TOOLS.flatMap((tool) =>
    tool.kind === 'read' ? tool.actions : tool.kind === 'change' ? tool.reads : [],
  );
  const changes = TOOLS.flatMap((tool) =>
    tool.kind === 'change' ? [tool.action, ...(tool.several?.actions ?? [])] : [],
  );
  expect(new Set(reads.filter((action) => !fits(action, allowed('Read'))))).toEqual(new Set());
  expect([...allowed('Execute')].sort()).toEqual([...new Set([...changes, 'cloudformation:DeleteChangeSet'])].sort());
  expect(changes.filter((action) => fits(action, allowed('Read')))).toEqual([]);
});
