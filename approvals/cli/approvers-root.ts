import { readFile } from 'node:fs/promises';
import { registryOf } from '../../src/kernel/approvers.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { type CommandResult, EXIT } from '../../src/present/command-result.ts';
import { pinRoot, type Root, readRoot, rootIn, rootLine, rootPath } from '../keys/root.ts';
import type { CommandContext } from './context.ts';

/**
 * `approvers root`: the first key, on which all others rest, as a line; with `--pin`, pins that line here.
 * @throws usage, not_found
 * @throws conflict where another one is pinned here
 * @throws key_invalid where the log doesn't begin with it
 */
export async function approversRoot(
  context: CommandContext,
  { pin }: { readonly pin?: string | undefined },
): Promise<CommandResult> {
  const here = readRoot(context.keysDir);
  if (pin !== undefined) return pinned(context, here, rootIn(await lineFrom(pin)));
  if (!here)
    throw new HoldshortError(
      'not_found',
      `no first key is pinned in ${context.keysDir}`,
      'run it where the first approver was enrolled; then pin what it prints here: holdshort approvers root --pin LINE',
    );
  const { name, key } = here;
  return { data: { name, key, line: rootLine(here) }, text: rootLine(here), exit: EXIT.done };
}

/** The line itself, or a file that holds it. */
async function lineFrom(given: string): Promise<string> {
  if (given.includes(' ')) return given;
  try {
    return await readFile(given, 'utf8');
  } catch (cause) {
    throw new HoldshortError('usage', 'that is neither a line nor a file that can be read', 'give the line', cause);
  }
}

/**
 * The attacker writes the database, and wants a registry of their own to be believed: what is pinned comes by hand, and
 * what is pinned already stays. That the log begins with this key is asked only so that a wrong one is noticed here,
 * and not when nothing runs.
 */
async function pinned(
  { store, keysDir }: CommandContext,
  here: Root | undefined,
  { name, key }: Pick<Root, 'name' | 'key'>,
): Promise<CommandResult> {
  const data = { name, key, line: rootLine({ name, key }) };
  const path = rootPath(keysDir);
  const same = (root: Root | undefined) => root?.key === key && root.name === name;
  if (same(here)) return { data, text: `It is pinned already: ${path}`, exit: EXIT.done };
  if (!here) {
    const { keys } = registryOf(await store.statements(), { rootKeyId: key, recoveries: new Set() }, []);
    if (keys.get(key)?.name !== name)
      throw new HoldshortError(
        'key_invalid',
        `the log does not begin with the key ${key} of ${name}`,
        "compare the line with what 'holdshort approvers root' prints where the first approver was enrolled, and look whether this is the right store",
      );
    if (await pinRoot(keysDir, { name, key, pinned_at: await store.now() }))
      return { data, text: `Pinned in ${path}: all approvals rest on ${key}, of ${name}.`, exit: EXIT.done };
    if (same(readRoot(keysDir))) return { data, text: `It is pinned already: ${path}`, exit: EXIT.done };
  }
  throw new HoldshortError(
    'conflict',
    `another first key is pinned here: ${path}`,
    'an installation has one; where this host is to serve another store, give it a state folder of its own',
  );
}
