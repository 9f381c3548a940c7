import type { ChangeTool, Tool } from '../../tools/define.ts';
import { HIDDEN } from '../../tools/ports/masks.ts';
import { isReference } from '../../tools/ports/redaction.ts';
import { namesSecret } from '../../tools/ports/secret-name.ts';
import type { Json } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { PlacedContext } from './context.ts';

/*
 * A call that says a secret twice: as the value of a parameter, which the record keeps as a digest, and in its reason
 * or a tag, which ticket, notices and log show. No agent means to; it explains what it does.
 */

/** Shorter ones come up in any text, and are no secrets. */
const SHORTEST = 6;
/** Where the call alone does not say what of it is secret, its tool asks AWS. */
const LOOK_MS = 10_000;

/** What stands in any text, and what only points elsewhere. */
function isTelling(value: string): boolean {
  return value.length >= SHORTEST && !isReference(value);
}

function repeats(text: string, secret: string): boolean {
  return text.toLowerCase().includes(secret.toLowerCase());
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner as Json)]);
}

type Arguments = Readonly<Record<string, Json>>;

/** What a caller words as it likes. A region, or what a thing is called, can't be said in other words. */
const WRITTEN: ReadonlySet<string> = new Set(['reason', 'tags']);

/** Values of arguments that the log leaves out. */
function leftOut({ log = {} }: Pick<Tool, 'log'>, input: Arguments): readonly string[] {
  const left = Object.entries(input).filter(([name]) => log[name] === 'left_out');
  return left
    .flatMap(([, value]) => (typeof value === 'object' && value !== null ? Object.values(value) : [value]))
    .flatMap((value) => textsIn(value as Json))
    .filter(isTelling);
}

/**
 * An argument as the log shows it: nothing where it repeats what the log leaves out. It isn't known here what of that
 * is a secret; the entry is of a call of which nothing came.
 */
export function withoutLeftOut(tool: Pick<Tool, 'log'>, input: Arguments, value: Json): Json {
  const left = leftOut(tool, input);
  const isRepeated = left.length > 0 && textsIn(value).some((text) => left.some((secret) => repeats(text, secret)));
  return isRepeated ? HIDDEN : value;
}

/**
 * Is the value of a parameter that nobody may see one of which a text can be told to repeat it? A word alone is so only
 * where the parameter's name says it: user names are NoEcho too, and called like what they are of.
 */
function isTold(name: string, value: string): boolean {
  return isTelling(value) && (namesSecret(name) || !/^[A-Za-z]+$/.test(value));
}

/** @throws invalid_input @throws as the tool reads */
export async function refuseRepeated(context: PlacedContext, tool: ChangeTool, input: Arguments): Promise<void> {
  const { secrets: secretsOf } = tool;
  const written = Object.entries(input).filter(([name]) => WRITTEN.has(name));
  const mayBe = written.filter(([, value]) => withoutLeftOut(tool, input, value) !== value);
  if (!secretsOf || mayBe.length === 0) return;
  const region = typeof input.region === 'string' ? input.region : await context.aws.defaultRegion();
  const readers = await context.aws.readers(region, AbortSignal.timeout(LOOK_MS));
  const secrets = Object.entries(await secretsOf(input, readers)).filter(([name, value]) => isTold(name, value));
  for (const [argument, value] of mayBe)
    for (const [name, secret] of secrets)
      if (textsIn(value).some((text) => repeats(text, secret)))
        throw new HoldshortError(
          'invalid_input',
          `${argument} repeats the value of the parameter ${name}, which nobody may see`,
          `say it without that value, then call again: everyone who may look at the ticket reads ${argument}`,
        );
}
