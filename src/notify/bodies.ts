import { asciiJson } from '../kernel/plan.ts';
import type { Message } from './message.ts';

/** https://www.standardwebhooks.com: `type`, `timestamp` and `data`. */
export function standardBody({ type, timestamp, data }: Message): string {
  return asciiJson({ type, timestamp, data });
}

/**
 * What Slack, and what takes its incoming webhooks, shows. All of it is a code block: there no name from outside
 * becomes a link, a mention or bold. Slack's own escapes are & < >
 * (https://docs.slack.dev/messaging/formatting-message-text), and a backtick could end the block.
 */
export function slackBody({ title, facts }: Message): string {
  const lines = [title, ...facts].map(inCode).join('\n');
  return asciiJson({ text: `\`\`\`\n${lines}\n\`\`\``, unfurl_links: false, unfurl_media: false });
}

function inCode(line: string): string {
  return line.replaceAll('`', '\\u{60}').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
