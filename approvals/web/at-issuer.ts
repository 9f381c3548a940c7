import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { LoginFlow } from '../../src/issuer/authorization-code.ts';
import { HoldshortError } from '../../src/kernel/errors.ts';
import { loginNonce } from '../../src/kernel/login.ts';
import type { Signed } from '../../src/kernel/statement.ts';
import type { StoredTicket } from '../../src/store/port.ts';
import { recordingRejection } from '../record/rejection.ts';
import { type DecisionRequest, recordDecision } from '../tickets/decide.ts';
import { attemptToAnswer } from './attempt.ts';
import { MOST_SEALED } from './challenges.ts';
import type { Page } from './context.ts';

/*
 * Between a passkey's approval and its being recorded, its signer logs in at the issuer. What was signed waits in the
 * browser meanwhile, sealed: nothing is kept here, and any process with the same key goes on with it. The attackers:
 * who sends another person's browser to our address with a code of their own, who sees a code, and another issuer.
 */

/** Where the issuer sends browsers back to; registered there. */
export const RETURN_PATH = '/login';

/** A person looks for their telephone. */
export const LOGIN_MS = 15 * 60_000;

/** What one touch of a passkey is good for: as many codes, at each process. */
const TRIES = 5;

interface Held {
  readonly request: DecisionRequest;
  readonly signed: Signed;
  /** By which the browser that began this, and no other, finds what it holds; the issuer gives it back. */
  readonly state: string;
}

/** What the browser keeps, and where it goes. */
export interface Away {
  readonly address: string;
  readonly state: string;
  readonly held: string;
  /** Where it brings what the issuer says. */
  readonly answers: string;
}

/** @throws issuer_unavailable */
export async function awayToIssuer(
  { links, loginSeals }: Page,
  flow: LoginFlow,
  request: DecisionRequest,
  signed: Signed,
): Promise<Away> {
  const state = randomBytes(32).toString('base64url');
  const address = await flow.addressFor({
    redirect: links.origin + RETURN_PATH,
    state,
    nonce: loginNonce(signed.statement),
    verifier: loginSeals.secretOf(state),
  });
  const held = await loginSeals.seal({ request, signed, state } satisfies Held);
  return { address, state, held, answers: `/tickets/${request.ticket}/login` };
}

/** What the browser brings back. */
export const Back = z.strictObject({
  s: z.string().max(100),
  held: z.string().max(MOST_SEALED),
  state: z.string().max(100),
  code: z.string().max(4_000),
  iss: z.string().max(500).nullable(),
});

/**
 * Gets the ID token, and records the decision with it.
 * @throws not_confirmed for what wasn't begun here, and where the issuer gives no token
 * @throws as `recordDecision`
 */
export async function backFromIssuer(
  page: Page,
  ticket: StoredTicket,
  { held: sealed, state, code, iss }: z.infer<typeof Back>,
): Promise<void> {
  let held: Held | undefined;
  await recordingRejection(
    page,
    () => attemptToAnswer(ticket, held?.request.by.name, held?.request),
    async (proved) => {
      held = await opened(page, sealed);
      if (held.state !== state || held.request.ticket !== ticket.id) throw notOurs('it belongs to another login');
      const tried = tryAgain(page, state);
      // A passkey was verified before this was sealed; what comes after the first code is anyone's who has it.
      if (tried === 1) proved(held.request.by.name);
      const flow = await page.loginFlow();
      if (!flow) throw notOurs('no login is asked for any more');
      const redirect = page.links.origin + RETURN_PATH;
      const verifier = page.loginSeals.secretOf(state);
      const login = await flow.tokenFor({ code, redirect, verifier, iss: iss ?? undefined });
      proved(held.request.by.name);
      await recordDecision(page, held.request, { ...held.signed, login });
    },
  );
}

/**
 * The attacker has what was held, and brings it with one made-up code after another: each would be asked of the issuer,
 * and written into the log as what the signer did. @returns which try this is @throws not_confirmed after the last
 */
function tryAgain({ loginSeals }: Page, state: string): number {
  for (let tried = 1; tried <= TRIES; tried++) if (loginSeals.use(`${state} ${tried}`)) return tried;
  throw notOurs('it was tried too often');
}

async function opened({ loginSeals }: Page, sealed: string): Promise<Held> {
  const held = await loginSeals.open(sealed);
  if (held === 'over') throw notOurs('it was begun more than 15 minutes ago');
  if (held === 'foreign') throw notOurs('it was not begun here');
  return held as Held;
}

function notOurs(why: string): HoldshortError {
  return new HoldshortError(
    'not_confirmed',
    `this login does not count: ${why}, so nothing was decided`,
    'load the ticket again and decide there',
  );
}
