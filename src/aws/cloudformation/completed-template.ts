import type { CompletedTemplate } from '../../../tools/ports/cloudformation.ts';
import { hideGiven } from '../../../tools/ports/credentials.ts';
import { HIDDEN } from '../../../tools/ports/masks.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { completeTemplate, mayCarryMasks } from '../template/completion.ts';
import { redactTemplate } from '../template/redaction.ts';

/**
 * The texts, which only the planner takes out again: a tool that has a template can't show what was put back into it.
 */
const texts = new WeakMap<CompletedTemplate, string>();

/**
 * An agent's template, ready to be sent: whole, and with what AWS mustn't repeat of it.
 * @param stored the template that the stack has; asked for only where the text may have masks
 * @throws invalid_input
 */
export async function completed(
  text: string,
  stored: () => Promise<string | undefined>,
  stackId: string,
): Promise<CompletedTemplate> {
  const whole = mayCarryMasks(text) ? completeTemplate(text, await stored(), stackId) : text;
  const template = { hide: (said: string) => hideFrom(said, whole, stackId) };
  texts.set(template, whole);
  return template;
}

export function textOf(template: CompletedTemplate): string {
  const text = texts.get(template);
  if (text === undefined) throw new TypeError('a template that was not made here');
  return text;
}

/** Where secrets can't be told from the rest, nothing of what AWS says of it is repeated. */
function hideFrom(said: string, text: string, stackId: string): string {
  try {
    const secrets = redactTemplate(text, stackId).hidden.map(({ value }) => value);
    return hideGiven(said, secrets);
  } catch (error) {
    if (error instanceof HoldshortError) return HIDDEN;
    throw error;
  }
}
