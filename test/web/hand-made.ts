import { randomBytes } from 'node:crypto';
import { recordRequest } from '../../approvals/people/requests.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import type { ServedInstallation } from '../scenes/page.ts';
import { authenticator, passkeyRequest } from '../scenes/passkey.ts';
import { post } from './requests.ts';

type Passkey = ReturnType<typeof authenticator>;

/** An enrolled passkey whose answers a test makes by hand. */
export async function handMade(installation: ServedInstallation, name: string) {
  const { origin } = installation.links;
  const passkey = authenticator('ec', { origin, credential_id: randomBytes(16).toString('base64url') });
  const { key, signed } = passkeyRequest(name, passkey, origin);
  await recordRequest(installation.desk, signed, 'page');
  await installation.enrollWaiting();
  return { key, passkey };
}

/** What the page's script asks with. */
export function choiceOf(installation: ServedInstallation, { id, plan }: StoredTicket, key: string) {
  const s = new URL(installation.links.ticket(id)).searchParams.get('s');
  return { s, digest: plan?.digest, decision: 'approve', key, reason: '' };
}

interface Asked {
  readonly options: { readonly challenge: string; readonly allowCredentials: readonly { readonly id: string }[] };
  readonly question: string;
}

/** Brings the passkey's answer to a question. */
export function answered(
  installation: ServedInstallation,
  { id }: StoredTicket,
  passkey: Passkey,
  { options, question }: Asked,
  how: NonNullable<Parameters<Passkey['assert']>[1]> = {},
  where = '',
) {
  const more = { ...how.more, challenge: options.challenge };
  // The page seals the statement; what is signed is its hash, as the challenge.
  const proof = JSON.parse(passkey.assert(Buffer.from(''), { origin: installation.links.origin, ...how, more }));
  const credential = options.allowCredentials[0]?.id;
  const { client_data: clientDataJSON, authenticator_data: authenticatorData, signature } = proof;
  return post(installation, `/tickets/${id}/${where}answer`, {
    s: new URL(installation.links.ticket(id)).searchParams.get('s'),
    question,
    response: {
      id: credential,
      rawId: credential,
      type: 'public-key',
      clientExtensionResults: {},
      response: { clientDataJSON, authenticatorData, signature },
    },
  });
}
