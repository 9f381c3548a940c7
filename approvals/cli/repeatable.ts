import { InvalidArgumentError, Option } from 'commander';

/**
 * An option that may be given several times, each time with one value. One that took several at once would also take
 * the arguments after it: of `judge --environment staging OLD NEW` no template would be left.
 */
export function repeatable(flags: string, description: string, choices?: readonly string[]): Option {
  const option = new Option(flags, `${description}; may be repeated`);
  if (choices) option.choices(choices);
  return option.argParser((value: string, before: readonly string[] | undefined) => {
    if (choices && !choices.includes(value))
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
    return [...(before ?? []), value];
  });
}
