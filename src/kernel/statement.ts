import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { type Makers, makeClaimOf } from './attestation.ts';
import { Identity } from './identity.ts';
import { ASSURANCES, type Assurance } from './requirement.ts';
import { readSpki, spkiText } from './spki.ts';
import { readSshKey, readSshSignature, sshFingerprint } from './ssh-signature.ts';
import { isAssertedBy, readPasskey } from './webauthn.ts';

/** Names of approvers and operators: lower case, so that two spellings are never two people. */
export const PersonName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@-]{0,63}$/, 'a name is 1 to 64 of a-z 0-9 . _ @ - and begins with a letter or digit');

const Nonce = z.string().regex(/^[0-9a-f]{32}$/);
const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const KeyId = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/);
const common = { nonce: Nonce, signed_at: z.iso.datetime(), key: KeyId, by: PersonName };

/** `approver` may decide and halt; `admin` may also enroll, revoke and resume. */
export const ROLES = ['approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/*
 * What is too long is no statement: each list ends well before an entry is full, beside the longest proof of any key.
 */
/** Teams that one statement names. */
export const MOST_GROUPS = 32;
/** Keys that one recovery says are lost. */
export const MOST_LOST = 100;
/** Halts that one resume names. */
export const MOST_LIFTED = 1000;

/**
 * What an approver's key signs. Every statement names its kind, its signer and a nonce; a decision also names the
 * ticket, the exact digest, the assurance it claims and until when it stands.
 */
export const Statement = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('decision'),
    ticket: z.string(),
    digest: Digest,
    decision: z.enum(['approve', 'deny', 'withdraw']),
    assurance: z.enum(ASSURANCES),
    reason: z.string().max(2000).optional(),
    expires_at: z.iso.datetime(),
    /** An approval without those that policy otherwise asks for (`break-glass.ts`). */
    break_glass: z.literal(true).optional(),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('enroll'),
    name: PersonName,
    public_key: z.string(),
    public_key_id: KeyId,
    /** No decision by this key ever counts for more. */
    max_assurance: z.enum(ASSURANCES),
    /** The role of this key; absent for `approver`. The first key is an admin's, whatever is here. */
    role: z.enum(ROLES).optional(),
    /**
     * Teams that its owner belongs to from now on, besides those before: what an agent asks for in the name of one of
     * them, they don't approve as someone else. A person leaves a team only by a `membership`.
     */
    groups: z.array(PersonName).max(MOST_GROUPS).optional(),
    ...common,
  }),
  /**
   * Someone wants a key of theirs to be enrolled; signed by that very key, which shows that they have it. Decides
   * nothing.
   */
  z.strictObject({
    kind: z.literal('request'),
    name: PersonName,
    public_key: z.string(),
    public_key_id: KeyId,
    ...common,
  }),
  /** All the teams that a person belongs to from now on. */
  z.strictObject({
    kind: z.literal('membership'),
    name: PersonName,
    groups: z.array(PersonName).max(MOST_GROUPS),
    ...common,
  }),
  /** Who has this identity at that issuer is this enrolled person: what an agent asks for with it is asked for them. */
  z.strictObject({ kind: z.literal('bind'), name: PersonName, identity: Identity, ...common }),
  /** They aren't, or not any more. */
  z.strictObject({ kind: z.literal('unbind'), name: PersonName, identity: Identity, ...common }),
  /**
   * An admin who lost the key that proves more enrolls another one of their own with what is left. That it counts for
   * more than what signed it, only a file of the installation says (`pinned.ts`); that the lost keys are revoked holds
   * everywhere.
   */
  z.strictObject({
    kind: z.literal('recover'),
    public_key: z.string(),
    public_key_id: KeyId,
    max_assurance: z.enum(ASSURANCES),
    lost: z.array(KeyId).max(MOST_LOST),
    reason: z.string().max(2000),
    ...common,
  }),
  z.strictObject({ kind: z.literal('revoke'), public_key_id: KeyId, reason: z.string().max(2000), ...common }),
  z.strictObject({ kind: z.literal('halt'), reason: z.string().max(2000), ...common }),
  /** Someone else has looked at a plan on which the glass was broken. Decides nothing. */
  z.strictObject({
    kind: z.literal('review'),
    ticket: z.string(),
    digest: Digest,
    reason: z.string().max(2000).optional(),
    ...common,
  }),
  /**
   * What became of a ticket of which AWS's records can't tell. `seen` is the digest of what was known of its outcome
   * when this was signed (`evidenceOf`).
   */
  z.strictObject({
    kind: z.literal('resolve'),
    ticket: z.string(),
    digest: Digest,
    happened: z.boolean(),
    seen: Digest,
    reason: z.string().min(1).max(2000),
    ...common,
  }),
  /** `halts` are the nonces of the halts that it lifts. Where more stand, several resumes lift them. */
  z.strictObject({ kind: z.literal('resume'), halts: z.array(Nonce).min(1).max(MOST_LIFTED), ...common }),
  /**
   * The log as it is now may be gone on from, although it doesn't continue what was seen of it. `size` and `root` are
   * the log's before this statement, `seen` is how many entries were known; absent where nothing was. `server` is whose
   * data it is, where that is a database's.
   */
  z.strictObject({
    kind: z.literal('accept'),
    size: z.int().nonnegative(),
    root: Digest,
    server: z
      .string()
      .regex(/^\d{1,20}-\d{1,10}-\d{1,10}$/)
      .optional(),
    seen: z.int().nonnegative().optional(),
    reason: z.string().max(2000),
    ...common,
  }),
]);

export type Statement = z.infer<typeof Statement>;
export type StatementOf<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/**
 * A statement's exact text with the proof that a key signed it. What the proof looks like follows from the key: an
 * Ed25519 signature in base64 (our key files), an armored SSH signature, or a passkey's assertion in JSON.
 */
export interface Signed {
  readonly statement: string;
  readonly signature: string;
}

/** A signed statement where it is: what it may count for depends on which keys were good at that place. */
export interface Recorded extends Signed {
  /** The number of its entry in the log, from 1. */
  readonly seq: number;
}

/** A decision, with the ID token of its signer's login where it came with one (`login.ts`). */
export interface SignedDecision extends Signed {
  readonly login?: string | undefined;
}

/** A decision in the log. */
export interface RecordedDecision extends SignedDecision, Recorded {
  /** When its entry was written, by the store's clock, ISO 8601. */
  readonly at: string;
}

/** What was signed but isn't in the log yet: it will be after everything that is. */
export function appended({ statement, signature }: Signed): Recorded {
  return { statement, signature, seq: Number.MAX_SAFE_INTEGER };
}

const SIGNED_DOMAIN = 'holdshort/statement/v1\0';

/** The bytes that are signed for a statement, whatever signs them. */
export function signedBytes(statement: string): Buffer {
  return Buffer.from(SIGNED_DOMAIN + statement);
}

/** The one text of a statement. */
export function statementText(statement: Statement): string {
  return JSON.stringify(Statement.parse(statement));
}

/** Signs with the key of one of our key files. */
export function signStatement(statement: Statement, privateKey: KeyObject): Signed {
  const text = statementText(statement);
  return { statement: text, signature: signText(text, privateKey) };
}

export function signText(statement: string, privateKey: KeyObject): string {
  return sign(null, signedBytes(statement), privateKey).toString('base64');
}

/**
 * What a signed statement proves about who signed it, from the signature itself: undefined when this key didn't sign
 * this text. Whose key it is, and what it was enrolled for, is for others to say.
 * @param publicKey as enrolled: base64 SPKI of a key file, an OpenSSH public key, or a passkey in JSON
 * @param makers as configured now: without the key's maker among them, `hardware` is only what the key says of itself
 */
export function provenBy(signed: Signed, publicKey: string, makers: Makers): Assurance | undefined {
  return provenOf(claimedBy(signed, publicKey), publicKey, makers);
}

/** The same from what `claimedBy` said of it. */
export function provenOf(claimed: Assurance | undefined, publicKey: string, makers: Makers): Assurance | undefined {
  return claimed === 'hardware' ? passkeyProves(publicKey, makers) : claimed;
}

/**
 * The same where the key's word is taken for its make: whether it signed at all, and how things were meant when they
 * were signed. What may happen because of it follows from `provenBy`, or from what the registry lets the key count for.
 */
export function claimedBy({ statement, signature }: Signed, publicKey: string): Assurance | undefined {
  const message = signedBytes(statement);
  if (publicKey.startsWith('{')) {
    const passkey = readPasskey(publicKey);
    if (!passkey || !isAssertedBy(signature, message, passkey)) return undefined;
    return passkey.attestation === undefined ? 'presence' : 'hardware';
  }
  if (publicKey.includes(' ')) {
    const key = readSshKey(publicKey);
    const proof = key && readSshSignature(signature, message, key);
    if (!proof) return undefined;
    if (key.application === undefined) return 'key';
    // A security key that nobody touched signed for anyone who could reach it.
    if (!proof.touched) return undefined;
    return proof.verified ? 'presence' : 'key';
  }
  return isSignedByFile(message, signature, publicKey) ? 'key' : undefined;
}

function passkeyProves(publicKey: string, makers: Makers, at?: string): Assurance | undefined {
  const passkey = readPasskey(publicKey);
  return passkey && (makeClaimOf(passkey, makers, at)?.verified ? 'hardware' : 'presence');
}

function isSignedByFile(message: Buffer, signature: string, spki: string): boolean {
  const key = readFileKey(spki);
  return key !== undefined && verify(null, message, key, Buffer.from(signature, 'base64'));
}

/** Another key type would choose another algorithm for the same call. */
function readFileKey(spki: string): KeyObject | undefined {
  const key = readSpki(spki);
  return key?.asymmetricKeyType === 'ed25519' ? key : undefined;
}

/**
 * The most that a key of this kind can ever prove, or undefined for what isn't a key.
 * @param at ISO 8601: when it is believed for the first time
 */
export function mostProvenBy(publicKey: string, makers: Makers, at: string): Assurance | undefined {
  if (publicKey.startsWith('{')) return passkeyProves(publicKey, makers, at);
  if (!publicKey.includes(' ')) return readFileKey(publicKey) && 'key';
  const key = readSshKey(publicKey);
  return key && (key.application === undefined ? 'key' : 'presence');
}

/**
 * The key itself, as SPKI, whatever it is enrolled as: one key may be in a file, in an agent for SSH and behind a page.
 * Undefined for what isn't a key.
 */
export function bareKeyOf(publicKey: string): string | undefined {
  if (publicKey.startsWith('{')) return readPasskey(publicKey)?.spki;
  if (!publicKey.includes(' ')) return readFileKey(publicKey) && publicKey;
  const ssh = readSshKey(publicKey);
  return ssh && spkiText(ssh.key);
}

/** The fingerprint of a public key: of SSH keys the one that `ssh-keygen -l` prints, of others in the same form. */
export function keyIdOf(publicKey: string): string {
  const ssh = publicKey.includes(' ') && !publicKey.startsWith('{') ? readSshKey(publicKey) : undefined;
  if (ssh) return sshFingerprint(ssh);
  const bytes = publicKey.startsWith('{') ? Buffer.from(publicKey) : Buffer.from(publicKey, 'base64');
  return `SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}`;
}

/**
 * The statement inside, or undefined where it isn't one: the text comes from the database, which an attacker may have
 * written. A statement has one text. Anyone who signs by hand could otherwise give a member twice, which SQLite reads
 * one way and we another.
 */
export function readStatement({ statement }: Signed): Statement | undefined {
  try {
    const read = Statement.parse(JSON.parse(statement));
    return JSON.stringify(read) === statement ? read : undefined;
  } catch {
    return undefined;
  }
}
