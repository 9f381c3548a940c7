import { randomBytes } from 'node:crypto';
import type { Place } from '../scenes/front-door.ts';
import { done, requested } from '../scenes/here.ts';
import { authenticator, passkeyRequest } from '../scenes/passkey.ts';
import { send } from '../web/requests.ts';

/** The page of hubs behind one address, as its script asks it, and people with passkeys of it. */
export function pageOfHubs(place: Place, url: string, ports: readonly number[]) {
  const { host } = new URL(url);
  return {
    /** As the page's own script asks, of one hub of several. */
    async ask(hub: number, path: string, body: object, headers: Record<string, string> = {}) {
      const answer = await send(`http://127.0.0.1:${ports[hub]}${path}`, {
        method: 'POST',
        headers: { host, origin: url, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return { status: answer.status, answer: answer.body.startsWith('{') ? JSON.parse(answer.body) : answer.body };
    },
    look: (hub: number, path: string, headers: Record<string, string> = {}) =>
      send(`http://127.0.0.1:${ports[hub]}${path}`, { headers: { host, ...headers } }),
    /** A person with a passkey of this page, whose answers are made by hand. */
    async withPasskey(name: string, role: 'admin' | 'approver' = 'approver') {
      const passkey = authenticator('ec', { origin: url, credential_id: randomBytes(16).toString('base64url') });
      const { key, signed } = passkeyRequest(name, passkey, url);
      await requested(place, signed);
      await done(place, 'approvers', 'enroll', name, '--key', key, '--role', role, '--yes', '--as', 'noa');
      const responseTo = ({ options }: any) => {
        const more = { challenge: options.challenge };
        const proof = JSON.parse(passkey.assert(Buffer.from(''), { origin: url, more }));
        const id = options.allowCredentials[0].id;
        const { client_data: clientDataJSON, authenticator_data: authenticatorData, signature } = proof;
        const response = { clientDataJSON, authenticatorData, signature };
        return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
      };
      return { key, responseTo };
    },
  };
}

export const secretIn = (address: string) => new URL(address).searchParams.get('s') ?? '';
