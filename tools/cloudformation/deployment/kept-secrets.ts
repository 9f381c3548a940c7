import { HoldshortError } from '../../../src/kernel/errors.ts';
import type { ChangeSetRequest, Stack, TemplateFacts } from '../../ports/cloudformation.ts';
import { isMasked } from '../../ports/masks.ts';

/* What a deployment mustn't give away of values that are hidden, and kept. */

/** Who may not see a parameter's value now mustn't by deploying a template in which it is no longer NoEcho. */
export function refuseShown(
  parameters: ChangeSetRequest['parameters'],
  present: TemplateFacts | undefined,
  future: TemplateFacts | undefined,
): void {
  if (!present || !future) return;
  const { no_echo_parameters } = future;
  const open = parameters.find(
    ({ key, use_previous_value }) =>
      use_previous_value && present.no_echo_parameters.includes(key) && !no_echo_parameters.includes(key),
  );
  if (open)
    throw new HoldshortError(
      'invalid_input',
      `parameter ${open.key} is NoEcho and keeps its value, which everybody could read in this template`,
      `leave NoEcho: true at ${open.key}`,
    );
}

/**
 * Who may not see a value mustn't find it out by asking what passes with it: AWS answers while a change is only being
 * planned, without any decision. So whatever depends on a hidden value that is kept must depend on it already.
 */
export function refuseTests(
  parameters: ChangeSetRequest['parameters'],
  stack: Stack | undefined,
  present: TemplateFacts | undefined,
  future: TemplateFacts | undefined,
): void {
  if (!present || !future) return;
  const shown = new Map(stack?.parameters.map(({ key, value }) => [key, value]));
  const tested = parameters.find(({ key, use_previous_value }) => {
    const hidden = present.no_echo_parameters.includes(key) || isMasked(shown.get(key) ?? '');
    return use_previous_value && hidden && isMore(future.parameter_tests[key], present.parameter_tests[key]);
  });
  if (tested)
    throw heldAgainst(`parameter ${tested.key} keeps a value that is`, `, or give ${tested.key} in \`parameters\``);
  if (future.mappings_hidden && isMore(future.mapping_tests, present.mapping_tests))
    throw heldAgainst('its mappings keep values that are', '');
}

function isMore(tests: readonly string[] = [], than: readonly string[] = []): boolean {
  const before = new Set(than);
  return tests.some((test) => !before.has(test));
}

function heldAgainst(what: string, otherwise: string): HoldshortError {
  return new HoldshortError(
    'invalid_input',
    `${what} hidden, and in this template something new depends on what is there (a pattern, length or type, a condition or rule, a function that takes it apart)`,
    `leave all that depends on it as the stack has it${otherwise}`,
  );
}
