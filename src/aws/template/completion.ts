import type { Scalar } from 'yaml';
import { AWS_MASK, isMasked, masksIn } from '../../../tools/ports/masks.ts';
import { sha256 } from '../../kernel/digest.ts';
import { HoldshortError } from '../../kernel/errors.ts';
import { bounded } from '../../kernel/safe-text.ts';
import { BODY_BYTES } from './document.ts';
import { readDocument, type Spot, spotsIn } from './places.ts';
import { type HiddenValue, redactTemplate } from './redaction.ts';

/** Could the text bring a mask? Whether it does, only reading it tells: a comment isn't a value. */
export function mayCarryMasks(text: string): boolean {
  // JSON and YAML have ways to write a character that this doesn't see.
  return masksIn(text).length > 0 || text.includes(AWS_MASK) || text.includes('\\');
}

/**
 * An agent's template with the secrets in it that it was shown masks of: each is put back where the stack has it. A
 * mask anywhere else is refused: what is put into an output, a tag or another resource could be read there. So is one
 * with other text around it than the stack has: `[hidden:…]x` would be another secret that nobody chose, and
 * `postgres://u:[hidden:…]@elsewhere` would be sent to someone else.
 * @param stored the template that the stack has, undefined where there is none
 * @throws invalid_input
 */
export function completeTemplate(text: string, stored: string | undefined, stackId: string): string {
  const { items, aliases } = readDocument(text, BODY_BYTES);
  const masked = spotsIn(items).filter(({ node }) => isMasked(textOf(node)));
  if (masked.length === 0) return text;
  const known = stored === undefined ? [] : redactTemplate(stored, stackId).hidden;
  const put: HiddenValue[] = [];
  let completed = '';
  let at = 0;
  for (const spot of masked) {
    const [start, end] = spot.range;
    const values = masksIn(textOf(spot.node)).map((mask) => hiddenFor(mask, spot, known, aliases));
    if (values.length === 0) throw refused(spot, `${AWS_MASK}, with which AWS masks a secret: it is no value`);
    if (values.some(({ shown }) => shown !== textOf(spot.node)))
      throw refused(spot, 'a mask with other text around it than the stack has');
    completed += text.slice(at, start) + written(spot.node, text.slice(start, end), values);
    put.push(...values);
    at = end;
  }
  completed += text.slice(at);
  // Anyone who reads the template, a parameter or a change set afterwards mustn't see what they were shown masks of
  // before.
  const hidden = new Set(redactTemplate(completed, stackId).hidden.map(({ mask }) => mask));
  const open = put.find(({ mask }) => !hidden.has(mask));
  if (open) throw shown(open.place);
  return completed;
}

function hiddenFor(mask: string, spot: Spot, known: readonly HiddenValue[], aliases: boolean): HiddenValue {
  const value = known.find((one) => one.mask === mask && one.place === spot.place);
  if (!value || spot.is_key || (spot.anchored && aliases))
    throw refused(spot, `the mask ${bounded(mask, 100, sha256)}, and the stack has nothing hidden that belongs there`);
  return value;
}

function written(node: Scalar, source: string, values: readonly HiddenValue[]): string {
  const put = (text: string) => values.reduce((left, { mask, value }) => left.replace(mask, () => value), text);
  const [only] = values;
  const newline = source.endsWith('\n') ? '\n' : '';
  if (only?.source !== undefined && only.mask === node.value) return only.source + newline;
  // Block text stays what people can read; nothing is escaped in it.
  if (node.type?.startsWith('BLOCK') && values.every(({ value }) => !value.includes('\n'))) return put(source);
  return JSON.stringify(put(textOf(node))) + newline;
}

function textOf({ value }: Scalar): string {
  return typeof value === 'string' ? value : '';
}

function refused({ place }: Spot, what: string): HoldshortError {
  return new HoldshortError(
    'invalid_input',
    `${where(place)} has ${what}`,
    'read the template again with cloudformation_get_template and leave each mask, and the text around it, as they are; for another secret, another place, or other text around it, take a ' +
      '{{resolve:secretsmanager:...}} reference or a NoEcho parameter; to keep the whole template pass use_previous_template',
  );
}

function shown(place: string): HoldshortError {
  return new HoldshortError(
    'invalid_input',
    `what is hidden in ${where(place)} could be read in this template`,
    'leave NoEcho, and the names around the secret, as they are',
  );
}

function where(place: string): string {
  return bounded(place, 200, sha256);
}
