import { type CloudFormationClient, DescribeStacksCommand, ListExportsCommand } from '@aws-sdk/client-cloudformation';
import type { StackExport } from '../../../tools/ports/cloudformation-operations.ts';
import { carriesMask, HIDDEN } from '../../../tools/ports/masks.ts';
import { nextToken, type Page } from '../../../tools/ports/pages.ts';
import { hideValue } from '../../../tools/ports/redaction.ts';
import { called, unlessMissing } from '../request/call.ts';
import { isUnanswerable } from '../request/errors.ts';
import { listed } from '../request/listed.ts';
import { givenAround } from './given-around.ts';
import type { Exports, TemplateCache } from './masked-values.ts';
import { nestedOutputsOf } from './nested-outputs.ts';
import { presentStack } from './stack.ts';

/** A hundred on each; the value of an export that isn't on one of them counts as hidden. */
const MOST_PAGES = 50;
/** Stacks that are looked at for one call; what others export counts as hidden. */
const MOST_STACKS = 200;
/** How many stacks may hand a value on to one another. */
const MOST_STEPS = 8;

/**
 * What stacks export, as it may be shown: as the outputs of the stack that it is from. The one answer, for what shows
 * it and for what brings it in. The attacker is an agent that may not see a value; its name is innocent, and a template
 * imports it. Kept for one call, for which the list is read once. What can't be told is hidden: which stack an export
 * is from, one that may not be looked at, and stacks that import from one another in a circle.
 */
export function exportsOf(client: CloudFormationClient, cache: TemplateCache): Exports {
  const shown = new Map<string, ReadonlyMap<string, string>>();
  let all: Promise<ReadonlyMap<string, StackExport>> | undefined;
  let looked = 0;

  /** Each is looked at in turn: where several waited for one another, none would ever be done. */
  const within = (around: readonly string[]): Exports => {
    const value = async ({ name, exporting_stack }: StackExport): Promise<string> => {
      if (!shown.has(exporting_stack) && !around.includes(exporting_stack) && around.length < MOST_STEPS) {
        const found = looked < MOST_STACKS ? await outputsOf(exporting_stack, around) : undefined;
        if (found) shown.set(exporting_stack, found);
      }
      return hideValue(name, shown.get(exporting_stack)?.get(name) ?? HIDDEN);
    };
    const open = async (names: Iterable<string>): Promise<ReadonlySet<string>> => {
      const found = new Set<string>();
      for (const name of names) {
        all ??= allExports(client);
        const one = (await all).get(name);
        if (one && !carriesMask(await value(one))) found.add(name);
      }
      return found;
    };
    return { value, open };
  };
  return within([]);

  /** By the name of the export. */
  async function outputsOf(arn: string, around: readonly string[]): Promise<ReadonlyMap<string, string>> {
    looked += 1;
    const exports = within([...around, arn]);
    try {
      const sent = client.send(new DescribeStacksCommand({ StackName: arn }));
      const stack = (await unlessMissing(sent, 'DescribeStacks'))?.Stacks?.[0];
      if (stack?.StackId !== arn) return new Map();
      const known = { ...cache, exports, outputs: nestedOutputsOf(client, exports) };
      const { outputs } = await presentStack(client, stack, { ...known, around: givenAround(client, known) });
      return new Map(outputs.flatMap(({ export_name, value }) => (export_name ? [[export_name, value]] : [])));
    } catch (error) {
      if (isUnanswerable(error)) return new Map();
      throw error;
    }
  }
}

/** One page. */
export async function exportPage(client: CloudFormationClient, cursor: string | undefined): Promise<Page<StackExport>> {
  const sent = client.send(new ListExportsCommand(nextToken(cursor)));
  const { Exports, NextToken } = await called(sent, 'ListExports');
  return listed('ListExports', Exports, NextToken, ({ Name = '', ExportingStackId = '' }) => ({
    name: Name,
    exporting_stack: ExportingStackId,
  }));
}

async function allExports(client: CloudFormationClient): Promise<ReadonlyMap<string, StackExport>> {
  const found = new Map<string, StackExport>();
  try {
    let cursor: string | undefined;
    for (let left = MOST_PAGES; left > 0; left -= 1) {
      const page = await exportPage(client, cursor);
      for (const one of page.items) found.set(one.name, one);
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    return found;
  } catch (error) {
    if (isUnanswerable(error)) return new Map();
    throw error;
  }
}
