import { execFileSync } from 'node:child_process';
import { createPublicKey, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';
import { describe, expect, test } from 'vitest';
import { approversEnroll } from '../../approvals/cli/approvers.ts';
import { approversRecover } from '../../approvals/cli/approvers-recover.ts';
import { readEnrolled } from '../../approvals/desk.ts';
import { readKey, unlockKey } from '../../approvals/keys/keys.ts';
import { readPinned } from '../../approvals/keys/pinned.ts';
import { pendingRequests, recordRequest } from '../../approvals/people/requests.ts';
import { signedAt } from '../../approvals/record/record-statement.ts';
import type { RecheckContext } from '../../src/executor/context.ts';
import { gate } from '../../src/executor/recheck.ts';
import { weigh } from '../../src/gate/believed.ts';
import { adminProof, groupsOf, registryOf } from '../../src/kernel/approvers.ts';
import { appendedDecision, checkDecision } from '../../src/kernel/decisions.ts';
import {
  keyIdOf,
  type Role,
  type Signed,
  type Statement,
  signedBytes,
  statementText,
} from '../../src/kernel/statement.ts';
import { type Attestation, challengeOf, passkeyText } from '../../src/kernel/webauthn.ts';
import { readsFingerprint } from '../scenes/answers.ts';
import { type Installation, openInstallation, signedWith } from '../scenes/installation.ts';
import { asksFor } from '../scenes/locked-out.ts';
import { certified, device, packed } from './attestation.ts';

const HARDWARE = `
permit (principal, action in Action::"read", resource);
permit (principal, action in Action::"change", resource == Environment::"production")
when { context.approvals.without_operator.hardware >= 1 };
`;
const signedOn = (by: Parameters<typeof signedAt>[0], now: Date) => signedAt(by, now.toISOString());
const ORIGIN = 'http://localhost:4141';
const MODEL = randomBytes(16);
const ROOT = certified('Example Root', { ca: true });
const STRANGER = certified('Example Root', { ca: true });
const LEAF = certified('Example Key', { by: ROOT, aaguid: MODEL });

type Device = ReturnType<typeof device>;
type Leaf = ReturnType<typeof certified>;

/** What an authenticator says of its make, as it is in a request. */
function attestationOf(key: Device, leaf: Leaf = LEAF): Attestation {
  const { response } = key.made(randomBytes(32).toString('base64url'), packed(leaf.key, [leaf]));
  const object = decodeAttestationObject(new Uint8Array(Buffer.from(response.attestationObject ?? '', 'base64url')));
  const text = (part: Uint8Array) => Buffer.from(part).toString('base64url');
  return {
    auth_data: text(object.get('authData')),
    client_data: response.clientDataJSON ?? '',
    signature: text(object.get('attStmt').get('sig') ?? new Uint8Array()),
    certificates: [text(leaf.certificate)],
  };
}

/** Someone writes a request by hand; no page has seen it. */
async function handWritten(installation: Installation, claim: (key: Device) => Attestation) {
  const key = device(MODEL, ORIGIN);
  const publicKey = passkeyText({
    format: 'holdshort/passkey/v1',
    credential_id: key.made('AAAA').id,
    spki: createPublicKey(key.key).export({ format: 'der', type: 'spki' }).toString('base64'),
    origin: ORIGIN,
    rp_id: 'localhost',
    attestation: claim(key),
  });
  const by = { id: keyIdOf(publicKey), name: 'ida' };
  const sign = (text: string): Signed => {
    const { response } = key.asserted(challengeOf(signedBytes(text)));
    const { authenticatorData, clientDataJSON, signature } = response;
    const proof = { authenticator_data: authenticatorData, client_data: clientDataJSON, signature };
    return { statement: text, signature: JSON.stringify(proof) };
  };
  const about = { name: 'ida', public_key: publicKey, public_key_id: by.id };
  const desk = installation.context('noa');
  await recordRequest(desk, sign(statementText({ kind: 'request', ...about, ...signedOn(by, desk.now()) })), 'page');
  return { by, about, sign };
}

type Written = Awaited<ReturnType<typeof handWritten>>;

async function opened(makers: string[]) {
  const installation = await openInstallation({ policy: HARDWARE, makers });
  await installation.enroll('noa');
  return { installation, ticket: await installation.openTicket() };
}

type Ticket = Awaited<ReturnType<Installation['openTicket']>>;

/** Noa, an admin, grants it at a terminal. @returns what she saw before she signed */
async function granted(installation: Installation, { by }: Written): Promise<string> {
  const context = installation.context('noa', [readsFingerprint]);
  await approversEnroll(context, 'ida', { key: by.id });
  return context.terminal.shown.join('\n');
}

/** An admin's key signs for `hardware`, past everything that would refuse to. */
async function forced(installation: Installation, { about }: Written, role: Role = 'approver'): Promise<void> {
  const noa = await unlockKey(readKey(installation.keysDir, 'noa', 'key')!, async () => '');
  const { store, now } = installation.context('noa');
  const statement = { kind: 'enroll', ...about, max_assurance: 'hardware', role, ...signedOn(noa, now()) } as const;
  const signed = await signedWith(noa, statement);
  const event = { type: 'approver.enrolled', actor: 'approver:noa', detail: {} } as const;
  await store.recordStatement({ signed, expected: (await store.statements()).length, event });
}

/** Ida's own decision claims hardware, and is in the log. @returns what each gate makes of it */
async function decided(installation: Installation, ticket: Ticket, { by, sign }: Written) {
  const { store, now } = installation.context('noa');
  const about = { ticket: ticket.id, digest: ticket.plan!.digest };
  const expires_at = new Date(now().getTime() + 60_000).toISOString();
  const decision = { kind: 'decision', ...about, decision: 'approve', assurance: 'hardware', expires_at } as const;
  const signed = sign(statementText({ ...decision, ...signedOn(by, now()) }));
  const expected = { state: 'pending', decisions: 0 } as const;
  await store.recordDecision({
    ticket: ticket.id,
    expected,
    signed,
    to: 'approved',
    actor: 'approver:ida',
    detail: {},
  });
  return () => gates(installation, ticket, signed, by.id);
}

async function gates(installation: Installation, ticket: Ticket, signed: Signed, id: string) {
  const desk = installation.context('noa');
  const { registry } = await readEnrolled(desk);
  const now = desk.now().toISOString();
  const about = { ticket: ticket.id, digest: ticket.plan!.digest, registry, now, logins: undefined };
  const { rules, policy, makers, logins, store } = desk;
  const executor = {
    store: installation.store.forExecutor('x'),
    rules,
    policy,
    makers,
    logins,
    pinned: () => readPinned(installation.keysDir),
  };
  const { kind } = await weigh(await store.ticket(ticket.id), (read) =>
    gate(read, undefined as never, executor as unknown as RecheckContext),
  );
  const checked = checkDecision(appendedDecision(signed, now), about);
  return {
    registry: registry.keys.get(id)?.maxAssurance,
    decision: 'why' in checked ? checked.why : 'counts',
    executor: kind,
  };
}

const COUNTS = { registry: 'hardware', decision: 'counts', executor: 'go' };
const TOO_LOW = { registry: 'presence', decision: 'assurance_too_high', executor: 'stop' };

describe('A4: a request that only says of itself that a known maker made the key', () => {
  const claims: Record<string, (key: Device) => Attestation> = {
    'with nothing behind it': () => ({ auth_data: 'AA', client_data: 'AA', signature: 'AA', certificates: ['AA'] }),
    "with another key's attestation": () => attestationOf(device(MODEL, ORIGIN)),
    'with a maker of the same name': (key) =>
      attestationOf(key, certified('Example Key', { by: STRANGER, aaguid: MODEL })),
    'with a certificate about another model': (key) =>
      attestationOf(key, certified('Example Key', { by: ROOT, aaguid: randomBytes(16) })),
    'with a certificate about something else': (key) =>
      attestationOf(key, certified('Example Key', { by: ROOT, unit: 'Web Server' })),
    'with a certificate that is over': (key) =>
      attestationOf(key, certified('Example Key', { by: ROOT, daysLater: -30 })),
    'with the certificate of a key that vouches as if it were a maker': (key) => {
      const leaf = certified('Example Key', { by: LEAF, aaguid: MODEL });
      const { certificates, ...rest } = attestationOf(key, leaf);
      return { ...rest, certificates: [...certificates, LEAF.certificate.toString('base64url')] };
    },
    'with an attestation made on another page': (key) => {
      const { client_data, ...rest } = attestationOf(key);
      const said = JSON.parse(Buffer.from(client_data, 'base64url').toString());
      const other = JSON.stringify({ ...said, origin: 'http://localhost:4142' });
      return { ...rest, client_data: Buffer.from(other).toString('base64url') };
    },
  };

  test.each(Object.keys(claims))('is shown as that, and counts as presence: %s', async (which) => {
    const { installation, ticket } = await opened([ROOT.pem]);
    const written = await handWritten(installation, claims[which]!);
    expect(await granted(installation, written)).toMatch(/claims hardware, NOT verified \(.+\); it counts as presence/);
    const look = await decided(installation, ticket, written);
    expect(await look()).toEqual(TOO_LOW);
  });

  test.each(Object.keys(claims))('counts as presence where an admin signed for hardware: %s', async (which) => {
    const { installation, ticket } = await opened([ROOT.pem]);
    const written = await handWritten(installation, claims[which]!);
    await forced(installation, written);
    const look = await decided(installation, ticket, written);
    expect(await look()).toEqual(TOO_LOW);
  });
});

test('A4: a true attestation counts as hardware while its maker is configured, and not a moment longer', async () => {
  const makers = [ROOT.pem];
  const { installation, ticket } = await opened(makers);
  const written = await handWritten(installation, attestationOf);
  expect(await granted(installation, written)).toMatch(/claims hardware: verified against .*CN=Example Root/);
  const look = await decided(installation, ticket, written);
  expect(await look()).toEqual(COUNTS);
  makers.length = 0;
  expect(await look()).toEqual(TOO_LOW);
  makers.push(STRANGER.pem);
  expect(await look()).toEqual(TOO_LOW);
});

test('A4: what stops goes on stopping when the maker is no longer configured', async () => {
  const makers = [ROOT.pem];
  const { installation, ticket } = await opened(makers);
  const written = await handWritten(installation, attestationOf);
  await granted(installation, written);
  const desk = installation.context('noa');
  const about = { ticket: ticket.id, digest: ticket.plan!.digest };
  const more = {
    decision: 'deny',
    assurance: 'hardware',
    reason: 'no',
    expires_at: '2099-01-01T00:00:00.000Z',
  } as const;
  const text = statementText({ kind: 'decision', ...about, ...more, ...signedOn(written.by, desk.now()) });
  const denial = appendedDecision(written.sign(text), desk.now().toISOString());
  for (const left of [1, 0]) {
    makers.length = left;
    const { registry } = await readEnrolled(desk);
    const checked = checkDecision(denial, { ...about, registry, now: desk.now().toISOString(), logins: undefined });
    expect(checked).toMatchObject({ statement: { decision: 'deny' } });
  }
});

test('A4: nobody gains when the maker of an admin is no longer configured', async () => {
  const { installation } = await opened([ROOT.pem]);
  const admin = await handWritten(installation, attestationOf);
  await forced(installation, admin, 'admin');
  const other = await handWritten(installation, attestationOf);
  const noa = await unlockKey(readKey(installation.keysDir, 'noa', 'key')!, async () => '');
  const { now } = installation.context('noa');
  const { statements } = await readEnrolled(installation.context('noa'));
  const byAdmin = (statement: object) =>
    admin.sign(statementText({ ...statement, ...signedOn(admin.by, now()) } as Statement));
  const enrollsOther = { kind: 'enroll', ...other.about, name: 'bob', max_assurance: 'hardware' };
  const log = [
    ...statements,
    byAdmin(enrollsOther),
    byAdmin({ kind: 'membership', name: 'bob', groups: ['payments'] }),
    byAdmin({ kind: 'membership', name: 'bob', groups: ['search'] }),
    byAdmin({ kind: 'revoke', public_key_id: noa.id, reason: 'left' }),
  ].map((signed, index) => ({ ...signed, seq: index + 1 }));
  const registry = (makers: readonly string[]) => {
    const all = registryOf(log, readPinned(installation.keysDir), makers);
    const [bob, revoked] = [all.keys.get(other.by.id), all.keys.get(noa.id)?.revokedAt !== undefined];
    return { bob: bob?.maxAssurance, bar: adminProof(all), teams: groupsOf(all, 'bob'), revoked };
  };
  expect(registry([ROOT.pem])).toEqual({ bob: 'hardware', bar: 'hardware', teams: ['search'], revoked: true });
  // The signer of all that proves presence now: it stands, but bob has left no team.
  const without = { bob: 'presence', bar: 'hardware', teams: ['payments', 'search'], revoked: true };
  expect(registry([])).toEqual(without);
  expect(registry([STRANGER.pem])).toEqual(without);
});

test('32: an admin whose key may enroll the new one makes a recovery unneeded, also where the new one proves more', async () => {
  const { installation } = await opened([ROOT.pem]);
  await approversEnroll(installation.context('noa'), 'ida', { passphrase: false, role: 'admin' });
  const noas = await asksFor(installation, 'noa');
  await approversEnroll(installation.context('noa'), 'noa', { key: noas.id, yes: true });
  const { by } = await handWritten(installation, attestationOf);
  const recover = approversRecover(installation.context('ida'), 'ida', {
    key: by.id,
    lost: [],
    reason: 'gone',
    yes: true,
  });
  await expect(recover).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(noas.id) });
});

test('A4: the program reads the makers from its configuration, each time', async () => {
  const { installation } = await opened([ROOT.pem]);
  const written = await handWritten(installation, attestationOf);
  writeFileSync(join(installation.home, 'makers.pem'), ROOT.pem);
  const listed = (configuration: string) => {
    writeFileSync(join(installation.home, 'config.yaml'), configuration);
    const env = { ...process.env, HOLDSHORT_HOME: installation.home };
    return execFileSync(process.execPath, ['dist/cli.js', 'approvers', 'list'], { env, encoding: 'utf8' });
  };
  expect(listed('web: { attestation_roots: ./makers.pem }\n')).toContain('claims hardware: verified against');
  expect(listed('web: {}\n')).toContain('claims hardware, NOT verified');
  expect(pendingRequests(await readEnrolled(installation.context('noa')))).toMatchObject([{ id: written.by.id }]);
});
