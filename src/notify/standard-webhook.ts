import { createHmac } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { HoldshortError } from '../kernel/errors.ts';

const PREFIX = 'whsec_';

/**
 * The headers by which a receiver knows that a message is ours, whole, and new: https://www.standardwebhooks.com
 * (symmetric, `v1`).
 * @param id the same for every attempt, so that a message that arrives twice is told apart
 * @param sentAt of this attempt
 */
export function standardHeaders(id: string, sentAt: Date, body: string, key: Uint8Array): Record<string, string> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** The key in a file: `whsec_` and 24 to 64 bytes in base64. @throws config_invalid */
export function readWebhookSecret(file: string): Buffer {
  const wrong = (what: string, recovery: string, cause?: unknown) =>
    new HoldshortError('config_invalid', `the webhook secret ${file} ${what}`, recovery, cause);
  let text: string;
  try {
    // Who can read it can send people notices in our name.
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
      throw wrong('is open to other users', `chmod 600 ${file}, and let the receiver make a new one`);
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    if (cause instanceof HoldshortError) throw cause;
    throw wrong("can't be read", 'correct secret_file under notify', cause);
  }
  const key = Buffer.from(text.slice(PREFIX.length), 'base64');
  if (text.startsWith(PREFIX) && key.length >= 24 && key.length <= 64) return key;
  throw wrong('is not one', `it must be ${PREFIX} and 24 to 64 bytes in base64, as the receiver gives it`);
}
