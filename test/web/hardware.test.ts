import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readEnrolled } from '../../approvals/desk.ts';
import { pendingRequests } from '../../approvals/people/requests.ts';
import { appendedDecision, checkDecision } from '../../src/kernel/decisions.ts';
import { keyIdOf, signedBytes, statementText } from '../../src/kernel/statement.ts';
import { challengeOf, readPasskey } from '../../src/kernel/webauthn.ts';
import { type ServedInstallation, servedInstallation } from '../scenes/page.ts';
import { withDatabase } from '../scenes/tables.ts';
import { rewriteLog } from '../scenes/tampering.ts';
import { certified, device, packed } from './attestation.ts';
import { post } from './requests.ts';

const HARDWARE = `
permit (principal, action in Action::"read", resource);
permit (principal, action in Action::"change", resource == Environment::"production")
when { context.approvals.without_operator.hardware >= 1 };
`;

const MODEL = randomBytes(16);
const OTHER_MODEL = randomBytes(16);
const ROOT = certified('Example Root', { ca: true });
const STRANGER = certified('Example Root', { ca: true });
const OTHER_MAKER = certified('Other Root', { ca: true, kind: 'rsa' });
const ISSUER = certified('Example Issuer', { by: ROOT, ca: true });
const LEAF = certified('Example Key', { by: ROOT, aaguid: MODEL });

type Device = ReturnType<typeof device>;
type Attested = (key: Device) => ReturnType<typeof packed> | undefined;
const GENUINE: Attested = () => packed(LEAF.key, [LEAF]);
const THROUGH_ISSUER: Attested = () => {
  const leaf = certified('Example Key', { by: ISSUER, aaguid: MODEL });
  return packed(leaf.key, [leaf, ISSUER]);
};

/** A installation that believes these makers, and where what destroys production needs a key that they made. */
const installation = (...makers: readonly { readonly pem: string }[]) =>
  servedInstallation({ policy: HARDWARE, makers: makers.map(({ pem }) => pem) });

/**
 * Registers a passkey, as the page's script does it. @returns the answer to what the authenticator made, and how to go
 * on from there
 */
async function register(served: ServedInstallation, attested: Attested, hardware = true) {
  const s = new URL(served.links.enroll()).searchParams.get('s');
  const key = device(MODEL, served.links.origin);
  const asked = JSON.parse((await post(served, '/enroll/registration', { s, name: 'ida', hardware })).body);
  expect(asked.options.attestation).toBe(hardware ? 'direct' : 'none');
  const { question } = asked;
  const response = key.made(asked.options.challenge, attested(key));
  const { status, body } = await post(served, '/enroll/registered', { s, question, response });
  const made = JSON.parse(body);
  return {
    key,
    made: { status, ...made },
    /** Signs its own request, and is enrolled by noa. @returns the fingerprint */
    async enroll() {
      const answer = { s, question: made.question, response: key.asserted(made.options.challenge) };
      const answered = await post(served, '/enroll/answer', answer);
      expect(answered, answered.body).toMatchObject({ status: 200 });
      const id = new URL(JSON.parse(answered.body).go).searchParams.get('key') ?? '';
      await served.enrollWaiting();
      return id;
    },
  };
}

type Ticket = Awaited<ReturnType<ServedInstallation['openTicket']>>;

function ask(served: ServedInstallation, ticket: Ticket, key: string) {
  const s = new URL(served.links.ticket(ticket.id)).searchParams.get('s');
  const choice = { s, digest: ticket.plan!.digest, decision: 'approve', key, reason: '' };
  return post(served, `/tickets/${ticket.id}/question`, choice);
}

async function approve(served: ServedInstallation, ticket: Ticket, id: string, key: Device) {
  const asked = await ask(served, ticket, id);
  expect(asked, asked.body).toMatchObject({ status: 200 });
  const { options, question } = JSON.parse(asked.body);
  const s = new URL(served.links.ticket(ticket.id)).searchParams.get('s');
  return post(served, `/tickets/${ticket.id}/answer`, { s, question, response: key.asserted(options.challenge) });
}

const nobodyAsked = async (served: ServedInstallation) => {
  const statements = await served.desk.store.statements();
  expect(statements.filter(({ statement }) => statement.includes('passkey'))).toEqual([]);
  expect(pendingRequests(await readEnrolled(served.desk))).toEqual([]);
  expect(served.failures).toEqual([]);
};

describe('an authenticator that proves its make', () => {
  const chains: Record<string, { readonly attested: Attested; readonly makers: readonly { pem: string }[] }> = {
    'by the root itself': { attested: GENUINE, makers: [ROOT] },
    'through an issuer': {
      attested: THROUGH_ISSUER,
      makers: [ROOT],
    },
    'without saying its model in the certificate': {
      attested: () => {
        const leaf = certified('Example Key', { by: ROOT });
        return packed(leaf.key, [leaf]);
      },
      makers: [ROOT],
    },
    'beside another maker': { attested: GENUINE, makers: [OTHER_MAKER, ROOT] },
    'through an issuer, beside another maker': {
      attested: THROUGH_ISSUER,
      makers: [OTHER_MAKER, ROOT],
    },
    'through an issuer that signs with RSA, beside another maker': {
      attested: () => {
        const issuer = certified('Other Issuer', { by: OTHER_MAKER, ca: true, kind: 'rsa' });
        const leaf = certified('Other Key', { by: issuer, aaguid: MODEL });
        return packed(leaf.key, [leaf, issuer]);
      },
      makers: [ROOT, OTHER_MAKER],
    },
    'by a root that signs with RSA': {
      attested: () => {
        const leaf = certified('Other Key', { by: OTHER_MAKER, aaguid: MODEL });
        return packed(leaf.key, [leaf]);
      },
      makers: [ROOT, OTHER_MAKER],
    },
  };

  test.each(Object.keys(chains))('decides what only hardware may: %s', async (which) => {
    const { attested, makers } = chains[which]!;
    const served = await installation(...makers);
    const ticket = await served.openTicket();
    expect(JSON.parse(ticket.plan!.bytes).requirement).toMatchObject({ approvals: 1, assurance: 'hardware' });
    const { key, made, enroll } = await register(served, attested);
    expect(made, JSON.stringify(made)).toMatchObject({ status: 200 });
    const id = await enroll();
    const enrolled = (await readEnrolled(served.desk)).registry.keys.get(id);
    expect(enrolled).toMatchObject({ name: 'ida', maxAssurance: 'hardware' });
    expect(readPasskey(enrolled!.publicKey)?.attestation?.certificates.length).toBeGreaterThan(0);
    const decided = await approve(served, ticket, id, key);
    expect(decided, decided.body).toMatchObject({ status: 200 });
    const { state, decisions } = await served.desk.store.ticket(ticket.id);
    expect(state).toBe('approved');
    expect(decisions.map(({ statement }) => JSON.parse(statement))).toMatchObject([
      { decision: 'approve', assurance: 'hardware', by: 'ida', key: id, digest: ticket.plan!.digest },
    ]);
    expect((await served.events()).filter(({ type }) => type === 'decision.recorded')).toMatchObject([
      { actor: 'approver:ida', detail: { assurance: 'hardware' } },
    ]);
    expect(served.failures).toEqual([]);
  });

  test('but was not asked for it counts as presence', async () => {
    const served = await installation(ROOT);
    const ticket = await served.openTicket();
    const { enroll } = await register(served, GENUINE, false);
    const id = await enroll();
    expect((await readEnrolled(served.desk)).registry.keys.get(id)).toMatchObject({ maxAssurance: 'presence' });
    const asked = await ask(served, ticket, id);
    expect(JSON.parse(asked.body)).toMatchObject({ refusal: { code: 'assurance_too_low' } });
    expect(await served.state(ticket.id)).toBe('pending');
  });
});

describe('is no hardware', () => {
  const leafOf = (about: Parameters<typeof certified>[1]): Attested => {
    const leaf = certified('Example Key', { by: ROOT, aaguid: MODEL, ...about });
    return () => packed(leaf.key, [leaf]);
  };
  const refused: Record<string, Attested> = {
    'a maker of the same name': leafOf({ by: STRANGER }),
    'a maker who brings the root along': () => {
      const leaf = certified('Example Key', { by: STRANGER, aaguid: MODEL });
      return packed(leaf.key, [leaf, ROOT]);
    },
    'a maker who brings their own': () => {
      const leaf = certified('Example Key', { by: STRANGER, aaguid: MODEL });
      return packed(leaf.key, [leaf, STRANGER]);
    },
    'another key that vouches as if it were a maker': () => {
      // Anyone who got the key out of one authenticator would otherwise make certificates for all.
      const leaf = certified('Example Key', { by: LEAF, aaguid: MODEL });
      return packed(leaf.key, [leaf, LEAF]);
    },
    'a certificate about another model': leafOf({ aaguid: OTHER_MODEL }),
    'a certificate about something else': leafOf({ unit: 'Web Server' }),
    'a certificate of a maker as its own': leafOf({ ca: true }),
    'a certificate that is over': leafOf({ daysLater: -30 }),
    'a certificate that is not good yet': leafOf({ daysLater: 30 }),
    'a signature of another key': () => packed(certified('Example Key').key, [LEAF]),
    'a signature of the credential below the certificate': (key) => packed(key.key, [LEAF]),
    'a signature about something else': () => () => packed(LEAF.key, [LEAF])(Buffer.from('something else')),
    'a self attestation': (key) => packed(key.key, undefined),
    // The library takes all but the last of these for no chain.
    'a self attestation with a chain that is null': (key) => packed(key.key, null),
    'a self attestation with a chain that is false': (key) => packed(key.key, false),
    'a self attestation with a chain that is empty text': (key) => packed(key.key, ''),
    'a self attestation with a chain that is zero': (key) => packed(key.key, 0),
    'a self attestation with a chain of nothing': (key) => packed(key.key, []),
    'no attestation': () => undefined,
  };

  test.each(Object.keys(refused))('%s', async (what) => {
    const served = await installation(ROOT);
    const { made } = await register(served, refused[what]!);
    expect(made).toMatchObject({ status: 403, refusal: { code: 'approval_invalid' } });
    await nobodyAsked(served);
  });

  test('an attestation of an earlier registration', async () => {
    const served = await installation(ROOT);
    let earlier: Record<string, unknown> | undefined;
    const first = await register(served, () => (signed) => (earlier = packed(LEAF.key, [LEAF])(signed)));
    expect(first.made.status).toBe(200);
    const { made } = await register(served, () => () => earlier!);
    expect(made).toMatchObject({ status: 403, refusal: { code: 'approval_invalid' } });
  });

  test('what anybody attests where no maker is named', async () => {
    const served = await installation();
    const { made } = await register(served, GENUINE);
    expect(made).toMatchObject({ status: 403, refusal: { code: 'approval_invalid' } });
    await nobodyAsked(served);
  });
});

const CLAIM = { auth_data: 'AA', client_data: 'AA', signature: 'AA', certificates: ['AA'] };

describe('a passkey that was enrolled for presence', () => {
  const attestedText = (text: string) => JSON.stringify({ ...JSON.parse(text), attestation: CLAIM });
  const alterations = {
    'rewritten as it was': { edit: (it: any) => it, code: 'assurance_too_low', why: 'assurance_too_high' },
    'said to be attested': {
      edit: (it: any) => {
        const public_key = attestedText(it.public_key);
        return { ...it, public_key, public_key_id: keyIdOf(public_key), max_assurance: 'hardware' };
      },
      code: 'not_enrolled',
      why: 'unknown_key',
    },
    'said to be attested under its old fingerprint': {
      edit: (it: any) => ({ ...it, public_key: attestedText(it.public_key), max_assurance: 'hardware' }),
      code: 'not_enrolled',
      why: 'unknown_key',
    },
    'enrolled for more': {
      edit: (it: any) => ({ ...it, max_assurance: 'hardware' }),
      code: 'not_enrolled',
      why: 'unknown_key',
    },
  };

  test.each(Object.keys(alterations) as (keyof typeof alterations)[])('proves no hardware: %s', async (which) => {
    const { edit, code, why } = alterations[which];
    const served = await installation(ROOT);
    const ticket = await served.openTicket();
    const { key, enroll } = await register(served, GENUINE, false);
    let id = await enroll();
    // The attacker writes to the database, and makes everything in it fit.
    withDatabase({ database: served.file }, (db) =>
      rewriteLog(db, (entries) =>
        entries.map((entry) => {
          if (entry.type !== 'approver.enrolled' || entry.detail.name !== 'ida') return entry;
          const statement = edit(JSON.parse(entry.detail.statement));
          id = statement.public_key_id;
          return { ...entry, detail: { ...entry.detail, statement: JSON.stringify(statement) } };
        }),
      ),
    );
    const asked = await ask(served, ticket, id);
    expect(JSON.parse(asked.body)).toMatchObject({ refusal: { code } });
    expect(await served.state(ticket.id)).toBe('pending');
    // Nor does a decision that the passkey's holder writes past the page.
    const now = new Date().toISOString();
    const decided = { ticket: ticket.id, digest: ticket.plan!.digest };
    const statement = statementText({
      kind: 'decision',
      ...decided,
      decision: 'approve',
      assurance: 'hardware',
      expires_at: new Date(Date.now() + 60_000).toISOString(),
      nonce: randomBytes(16).toString('hex'),
      signed_at: now,
      key: id,
      by: 'ida',
    });
    const { response } = key.asserted(challengeOf(signedBytes(statement)));
    const signature = JSON.stringify({
      authenticator_data: response.authenticatorData,
      client_data: response.clientDataJSON,
      signature: response.signature,
    });
    const { registry } = await readEnrolled(served.desk);
    const about = { ...decided, registry, now, logins: undefined };
    expect(checkDecision(appendedDecision({ statement, signature }, now), about)).toEqual({ why });
  });
});
