import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type FileKind, parseDocument } from '../config/document.ts';
import { fileInvalid } from '../config/problems.ts';
import { EFFECTS } from '../kernel/effects.ts';
import { ENVIRONMENTS } from '../kernel/environment.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { Asked } from '../kernel/quotas.ts';
import { Requirement } from '../kernel/requirement.ts';
import { UNDO_EXISTS } from '../kernel/undo.ts';
import { DECISIONS } from '../policy/answer.ts';
import type { PolicyAction } from '../policy/schema.ts';
import { findAction } from './named-action.ts';

const Expected = z.strictObject({
  decision: z.enum(DECISIONS),
  /** Only what is given is compared. */
  requirement: Requirement.partial().optional(),
  /** The `@id` of a rule that decides. */
  by: z.string().min(1).optional(),
});

/** One call and what policy should make of it. Strict: a misspelt `expect` would be an expectation that can't fail. */
function expectationFor(actions: readonly PolicyAction[]) {
  return z.strictObject({
    name: z.string().min(1, 'must say what is expected'),
    agent: z.string().min(1),
    operator: z.string().min(1).optional(),
    tool: z.string().refine((name) => findAction(name, actions) !== undefined, {
      error: ({ input }) => noSuchTool(String(input), actions),
    }),
    environment: z.enum(ENVIRONMENTS),
    effects: z.array(z.enum(EFFECTS)).min(1, 'must name at least one; leave it out for the worst').optional(),
    resources: z.int('must be a whole number').min(0).optional(),
    account: z.string().optional(),
    region: z.string().optional(),
    at: z.iso
      .datetime({ offset: true, error: 'must be date, time and offset, as in 2026-12-24T18:00:00+01:00' })
      .optional(),
    asked: Asked.partial().optional(),
    delete_and_recreate: z.boolean().optional(),
    unsettled: z.boolean().optional(),
    undo: z.enum(UNDO_EXISTS).optional(),
    snapshot_first: z.boolean().optional(),
    restores: z.boolean().optional(),
    rehearsed: z.boolean().optional(),
    rehearsal_failed: z.boolean().optional(),
    expect: Expected,
  });
}

function noSuchTool(name: string, actions: readonly PolicyAction[]): string {
  const meant = nearest(
    name,
    actions.map(({ tool }) => tool),
  );
  return `there is no such tool${meant ? `; did you mean ${meant}?` : ''}`;
}

export type Expectation = z.infer<ReturnType<typeof expectationFor>> & { readonly line: number };

/** The expectations of a file, with the line of each. @throws usage with file and line */
export async function expectationsIn(file: string, actions: readonly PolicyAction[]): Promise<readonly Expectation[]> {
  const schema = z.array(expectationFor(actions)).min(1, 'there is no expectation in it');
  const kind: FileKind = {
    code: 'usage',
    until: '',
    example: 'docs/policy.md',
    schema: () => z.toJSONSchema(schema, { io: 'input' }),
  };
  const document = await parseDocument(file, await textOf(file), kind);
  const parsed = schema.safeParse(document.value);
  if (!parsed.success) throw fileInvalid(document, parsed.error.issues);
  return parsed.data.map((expectation, index) => ({ ...expectation, line: document.lineOf([index]) }));
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new HoldshortError(
      'usage',
      `can't read ${file}`,
      'give a file of expectations; docs/policy.md has an example',
      cause,
    );
  }
}
