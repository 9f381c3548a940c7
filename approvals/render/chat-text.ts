const FENCE = '```';

/**
 * Text that holds others' words, for a chat client. Those that render Markdown show it as it is, in a code block, where
 * `![](https://…)` is no request to someone's server, `[approve](https://…)` no link and `# Approved` no heading; in
 * those that don't, it stays readable between two lines of backticks. Being safe text doesn't do: all of Markdown is
 * printable ASCII. Of ours, what ought to be a link goes outside.
 * @param rendering lines of safe text, in which no three backticks are side by side
 */
export function chatText(rendering: string): string {
  return `${FENCE}text\n${rendering}\n${FENCE}`;
}
