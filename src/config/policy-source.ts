import { readFile } from 'node:fs/promises';
import { HoldshortError } from '../kernel/errors.ts';

/**
 * The policy text that the configuration names, in the form that `loadPolicy` takes; without `text` where the default
 * policy holds.
 * @throws policy_invalid for a file that can't be read: never a quiet fall-back to the default policy
 */
export async function policySource(config: {
  readonly policyFile: string | undefined;
}): Promise<{ readonly text?: string; readonly source: string }> {
  const { policyFile } = config;
  if (policyFile === undefined) return { source: 'default' };
  try {
    return { text: await readFile(policyFile, 'utf8'), source: policyFile };
  } catch (cause) {
    throw new HoldshortError(
      'policy_invalid',
      `can't read the policy ${policyFile}`,
      'correct the path (`policy:` in the configuration), or leave it out for the default policy; until then nothing runs',
      cause,
    );
  }
}
