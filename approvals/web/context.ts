import type { ApproverKey } from '../../src/kernel/approver-key.ts';
import { activeAdmins, type Registry } from '../../src/kernel/approvers.ts';
import { type Passkey, readPasskey } from '../../src/kernel/webauthn.ts';
import type { Desk } from '../desk.ts';
import type { ChatKeys } from '../keys/chat-keys.ts';
import type { Budget } from '../record/unproven.ts';
import type { Seals } from '../seals.ts';
import type { Challenges } from './challenges.ts';
import type { PageLinks } from './links.ts';
import type { RelyingParty } from './passkeys.ts';

/** What the page is given. */
export interface PageContext extends Desk {
  readonly links: PageLinks;
  /** For questions to passkeys. */
  readonly seals: Seals;
  /** For what waits while its signer logs in. */
  readonly loginSeals: Seals;
  /** Where people answer in chat clients through hubs: the keys that sign it. */
  readonly chatKeys?: ChatKeys | undefined;
  /** Milliseconds that only ever grow. */
  readonly monotonic: () => number;
  /** The folder of the script and the style sheet. */
  readonly assets: string;
  /** Something here broke; the person is told so without the details. */
  readonly failed: (error: unknown) => void;
  /**
   * Takes a share of what this process does at once, for requests about one subject, a ticket or the installation, or
   * one seal; absent: no request waits. @returns what gives it back, or that there is none now
   */
  readonly enter?: ((share: Share, subject: string) => (() => void) | Busy) | undefined;
}

/** What is done with an address, or with what was sealed here: each takes nothing from the others. */
export type Share = 'look' | 'list' | 'ask' | 'answer';

/** Too much at once: come again after so many seconds. */
export interface Busy {
  readonly status: 429 | 503;
  readonly retryAfter: number;
}

export interface Page extends PageContext {
  readonly rp: RelyingParty;
  readonly challenges: Challenges;
  readonly unproven: Budget;
}

/** An enrolled passkey that can sign on this page. */
export interface PasskeyHere extends ApproverKey {
  readonly passkey: Passkey;
}

/** Where passkeys of admins that can't sign here were registered: they are bound to that origin. */
export function adminOriginsElsewhere(registry: Registry, origin: string): readonly string[] {
  const origins = activeAdmins(registry).flatMap(({ publicKey }) => readPasskey(publicKey)?.origin ?? []);
  return [...new Set(origins)].filter((one) => one !== origin);
}

/** People whose passkeys were all registered elsewhere, and where: none of these can be offered here. */
export function onlyElsewhere(registry: Registry, origin: string): ReadonlyMap<string, readonly string[]> {
  const passkeys = [...registry.keys.values()].flatMap(({ name, publicKey, revokedAt, maxAssurance }) => {
    const at = readPasskey(publicKey)?.origin;
    return at === undefined || revokedAt || maxAssurance === 'client' ? [] : [{ name, at }];
  });
  const people = Map.groupBy(passkeys, ({ name }) => name);
  const away = [...people].filter(([, theirs]) => theirs.every(({ at }) => at !== origin));
  return new Map(away.map(([name, theirs]) => [name, [...new Set(theirs.map(({ at }) => at))]]));
}

/** Those that were registered on this origin and are good for something. */
export function passkeysHere(registry: Registry, origin: string): readonly PasskeyHere[] {
  return [...registry.keys.values()].flatMap((key) => {
    const passkey = readPasskey(key.publicKey);
    return passkey?.origin === origin && !key.revokedAt && key.maxAssurance !== 'client' ? [{ ...key, passkey }] : [];
  });
}
