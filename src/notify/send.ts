import { HoldshortError } from '../kernel/errors.ts';
import { slackBody, standardBody } from './bodies.ts';
import type { Message } from './message.ts';
import type { Recipient } from './recipient.ts';
import { readWebhookSecret, standardHeaders } from './standard-webhook.ts';

type Webhook = Extract<Recipient, { kind: 'webhook' }>;

/**
 * Sends one message to one endpoint, once. A redirection is a failure too: where it leads nobody configured.
 * @throws Error when the endpoint didn't take it: no answer in time, or none of 200 to 299
 */
export async function sendWebhook(
  recipient: Webhook,
  id: string,
  message: Message,
  how: { readonly now: Date; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const body = recipient.format === 'slack' ? slackBody(message) : standardBody(message);
  const signed =
    recipient.format === 'slack' ? {} : standardHeaders(id, how.now, body, readWebhookSecret(recipient.secretFile));
  const response = await fetch(recipient.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'holdshort', ...signed },
    body,
    redirect: 'manual',
    signal: AbortSignal.any([how.signal, AbortSignal.timeout(how.timeoutMs)]),
  });
  await response.body?.cancel();
  if (response.ok) return;
  throw new HoldshortError('internal', `the endpoint answered ${response.status}`, 'it is tried again');
}
