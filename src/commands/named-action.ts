import { HoldshortError } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { safeText } from '../kernel/safe-text.ts';
import { actionOf } from '../kernel/tool-name.ts';
import type { PolicyAction } from '../policy/schema.ts';

/** A tool by its name or its IAM action. @throws usage with what may have been meant */
export function actionNamed(name: string, actions: readonly PolicyAction[]): PolicyAction {
  const found = findAction(name, actions);
  if (found) return found;
  const names = actions.map(({ tool }) => (name.includes(':') ? actionOf(tool) : tool));
  throw notOneOf('tool', name, names);
}

export function findAction(name: string, actions: readonly PolicyAction[]): PolicyAction | undefined {
  return actions.find(({ tool }) => tool === name || actionOf(tool) === name);
}

const MOST_NAMED = 12;

export function notOneOf(what: string, given: string, values: readonly string[]): HoldshortError {
  const meant = nearest(given, values);
  const few = values.slice(0, MOST_NAMED).join(', ');
  const recovery = meant
    ? `did you mean ${meant}?`
    : `use one of ${few}${values.length > MOST_NAMED ? ', ... (docs/tools.md)' : ''}`;
  return new HoldshortError('usage', `there is no ${what} ${safeText(given)}`, recovery);
}
