import { isDeepStrictEqual } from 'node:util';
import type { LoginFlow } from '../src/issuer/authorization-code.ts';
import { type Registry, registryOf } from '../src/kernel/approvers.ts';
import type { Makers } from '../src/kernel/attestation.ts';
import { asStarted, INSTALLED_NAME } from '../src/kernel/command-name.ts';
import { HoldshortError, type Refusal, refusalOf } from '../src/kernel/errors.ts';
import { type Halt, haltOf } from '../src/kernel/halt.ts';
import type { Logins } from '../src/kernel/login.ts';
import type { Rules } from '../src/kernel/rules.ts';
import { PersonName, type Recorded, type RecordedDecision, readStatement } from '../src/kernel/statement.ts';
import type { PolicyEngine } from '../src/policy/engine.ts';
import type { ApproverStore } from '../src/store/port.ts';
import { readPinned } from './keys/pinned.ts';
import { type Root, rootPath } from './keys/root.ts';

/**
 * What deciding needs: the store's approver side, policy, and where this person's keys are. Nothing in it reaches AWS.
 */
export interface Desk {
  readonly store: ApproverStore;
  /** Loaded when first asked for: a list needs no policy. */
  readonly policy: () => Promise<PolicyEngine>;
  /** The configuration's rules as they are now. @throws config_invalid */
  readonly rules: () => Promise<Rules>;
  /** The makers of authenticators who are believed now. @throws config_invalid */
  readonly makers: () => Promise<Makers>;
  /** The login that approvals must come with now, and those of these as they were looked at. @throws config_invalid */
  readonly logins: (decisions: readonly RecordedDecision[]) => Promise<Logins | undefined>;
  /** How one is had; undefined where none is asked for. @throws config_invalid */
  readonly loginFlow: () => Promise<LoginFlow | undefined>;
  readonly keysDir: string;
  /** How this program was started, for the commands that people are told to run; absent: as it is installed. */
  readonly command?: string | undefined;
  /** A ticket's address on the approval page, where one is configured. */
  readonly reviewUrl?: ((ticket: string) => string) | undefined;
}

/** Who may decide, and whether everything is stopped, as the signed statements say. */
export interface Enrolled {
  readonly statements: readonly Recorded[];
  readonly root: Root | undefined;
  readonly registry: Registry;
  readonly halt: Halt | undefined;
  /** The makers by whom `hardware` was verified. */
  readonly makers: Makers;
  /** When this was read, by the store's time, ISO 8601: what is weighed with it, and signed, is of that moment. */
  readonly at: string;
}

interface Signed {
  readonly statements: readonly Recorded[];
  readonly pinned: ReturnType<typeof readPinned>;
  readonly makers: Makers;
}

type Source = Pick<Desk, 'keysDir' | 'makers'> & { readonly store: Pick<ApproverStore, 'statements'> };

/** @throws tampered when there are enrolments but the pinned first key is gone */
async function readSigned({ store, keysDir, makers }: Source): Promise<Signed> {
  const pinned = readPinned(keysDir);
  const statements = await store.statements();
  if (!pinned.root && statements.some((signed) => readStatement(signed)?.kind === 'enroll'))
    throw new HoldshortError(
      'tampered',
      `the log knows approvers, but ${rootPath(keysDir)}, which names the first of them, is missing`,
      'on a host that never had it: `holdshort approvers root` where people are enrolled prints what is typed here; otherwise restore it from a backup. If no host ever had it, somebody else wrote to the database',
    );
  return { statements, pinned, makers: await makers() };
}

/** @throws tampered when there are enrolments but the pinned first key is gone */
export async function readEnrolled(
  source: Source & { readonly store: Pick<ApproverStore, 'statements' | 'now'> },
): Promise<Enrolled> {
  const { statements, pinned, makers } = await readSigned(source);
  const registry = registryOf(statements, pinned, makers);
  const halt = haltOf(statements, registry);
  return { statements, root: pinned.root, registry, halt, makers, at: await source.store.now() };
}

/**
 * Who may decide, for one who asks again and again: everything is read each time, and what was signed is verified
 * again once any of it is another.
 * @throws tampered when there are enrolments but the pinned first key is gone
 */
export function registryReader(source: Source): () => Promise<Registry> {
  let last: { readonly signed: Signed; readonly registry: Registry } | undefined;
  return async () => {
    const signed = await readSigned(source);
    if (last === undefined || !isDeepStrictEqual(last.signed, signed))
      last = { signed, registry: registryOf(signed.statements, signed.pinned, signed.makers) };
    return last.registry;
  };
}

/** A person's name from outside. @throws usage */
export function personName(name: string, whence: string): string {
  const parsed = PersonName.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new HoldshortError(
    'usage',
    `${whence} is not a name that can be enrolled`,
    '1 to 64 of a-z 0-9 . _ @ -, beginning with a letter or digit; say who you are with --as NAME',
  );
}

const LONGEST_REASON = 2000;

/** Why someone decides, denies, halts or revokes. @throws usage */
export function checkedReason(reason: string): string {
  const trimmed = reason.trim();
  if (trimmed.length > 0 && trimmed.length <= LONGEST_REASON) return trimmed;
  throw new HoldshortError('usage', `the reason has ${trimmed.length} characters`, `give 1 to ${LONGEST_REASON}`);
}

/** A text of ours for people here, with the commands in it as they can be typed. */
export function typedHere({ command }: Pick<Desk, 'command'>, text: string): string {
  return asStarted(text, command ?? INSTALLED_NAME);
}

/**
 * Why nothing runs at all: the log isn't the one that was seen here. A list of what it holds may be milder than what
 * was asked for.
 */
export async function logProblem({ store }: Pick<Desk, 'store'>): Promise<Refusal | undefined> {
  try {
    await store.keepUp();
    return undefined;
  } catch (error) {
    if (error instanceof HoldshortError && error.code === 'log_not_continued') return refusalOf(error);
    throw error;
  }
}
