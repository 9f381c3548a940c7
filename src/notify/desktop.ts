import { execFile } from 'node:child_process';
import type { Message } from './message.ts';

/**
 * Shows a notification where the system has one. No shell is run, and what is shown goes as an argument of its own:
 * nothing in it is an option, a script or markup.
 * @returns false where there is nothing to show it with
 */
export function showOnDesktop({ title, facts }: Message, platform = process.platform): Promise<boolean> {
  const body = facts.slice(0, 2).join('\n');
  const command = commandFor(platform, title, body);
  if (!command) return Promise.resolve(false);
  const [program, ...args] = command;
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 10_000 }, (error) => resolve(error === null));
  });
}

function commandFor(platform: NodeJS.Platform, title: string, body: string): [string, ...string[]] | undefined {
  if (platform === 'darwin') {
    const show = 'display notification (item 2 of argv) with title "Holdshort" subtitle (item 1 of argv)';
    return ['osascript', '-e', 'on run argv', '-e', show, '-e', 'end run', '--', title, body];
  }
  if (platform === 'win32') return undefined;
  // The body is Pango markup for some servers.
  const plain = body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return ['notify-send', '--app-name=Holdshort', '--', title, plain];
}
