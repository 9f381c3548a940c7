import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { HoldshortError } from '../../kernel/errors.ts';
import { safeText } from '../../kernel/safe-text.ts';

/** A template's text; `-` is what comes in on stdin. @throws usage */
export async function templateText(file: string): Promise<string> {
  if (file === '-') return await text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new HoldshortError(
      'usage',
      `can't read ${safeText(file)}`,
      'give a template: JSON or YAML, or - for stdin',
      cause,
    );
  }
}

/** `NAME=VALUE`, as often as it is given. @throws usage */
export function parametersIn(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((one) => {
      const at = one.indexOf('=');
      if (at < 1)
        throw new HoldshortError('usage', `--parameter ${safeText(one)} has no value`, 'write --parameter NAME=VALUE');
      return [one.slice(0, at), one.slice(at + 1)];
    }),
  );
}
