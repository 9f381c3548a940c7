/** The command's name once it is installed, for where nothing else is known. */
export const INSTALLED_NAME = 'holdshort';

/** The commands that our texts tell people to run. */
const VERBS = [
  ...['approve', 'approvers', 'audit', 'companion', 'demo', 'deny', 'executor', 'halt', 'hub', 'init', 'judge'],
  ...['policy', 'rehearse', 'restore', 'resume', 'sandbox', 'serve', 'store', 'tickets', 'web'],
];

const HINT = new RegExp(`(?<![\\w./-]|npx |node )${INSTALLED_NAME}(?= (?:${VERBS.join('|')})\\b)`, 'g');

/**
 * A text of ours with the commands in it as they can be typed where this program was started another way. Only for
 * texts that quote nobody: what an agent wrote is shown as it wrote it.
 * @param command `node dist/cli.js`
 */
export function asStarted(text: string, command: string): string {
  return text.replace(HINT, () => command);
}
