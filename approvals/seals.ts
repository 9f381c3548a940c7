import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Questions that wait for a person's answer. A browser or chat client keeps them meanwhile: it brings back what was
 * sealed here, or by another process with the same key, and can neither read another meaning into it nor make one.
 */
export interface Seals {
  seal(question: object): Promise<string>;
  /** What was sealed; `over` after its time, `foreign` where it was not sealed with this key for this purpose. */
  open(sealed: string): Promise<object | 'over' | 'foreign'>;
  /** Was it sealed with this key for this purpose, whether or not its time is over? */
  isOurs(sealed: string): boolean;
  /** A secret that follows from a name, the same for all who have the key, and never leaves them. */
  secretOf(name: string): string;
  /** Was it, by its own name, answered here already? */
  isUsed(name: string): boolean;
  /** Notes that it is answered. @returns false where it was already */
  use(name: string): boolean;
}

export interface Sealing {
  /** Of 32 bytes, asked for at the first use. Processes that have the same one open each other's. */
  readonly key: () => Uint8Array;
  /** What is sealed for one is never opened for another. */
  readonly purpose: 'page' | 'chat' | 'login';
  readonly lastsMs: number;
  /** The store's time, which all who have the key share, ISO 8601. */
  readonly now: () => Promise<string>;
  /** Milliseconds that only ever grow, of this process. */
  readonly monotonic: () => number;
}

interface Content {
  readonly question: object;
  readonly until: number;
  /** By whom it was sealed, and its end as that process counts. */
  readonly by: string;
  readonly end: number;
}

/**
 * Nothing is kept of a question until it is answered. The attacker has a ticket's address, and asks without end: were
 * questions kept, either theirs would push out the one that an approver is just answering, or that one would find no
 * room.
 *
 * They also bring an answer twice, the second time to another process. What was used is known here alone; beyond that
 * the log tells, which has what was signed: each question fixes the statement, or its nonce, that answers it, and a
 * second one of the same is refused there (`recordSigned`, `repeated`).
 */
export function sealsOf({ key, purpose, lastsMs, now, monotonic }: Sealing): Seals {
  const here = randomBytes(16).toString('hex');
  const used = new Map<string, number>();
  const macOf = (text: string) =>
    createHmac('sha256', key()).update(`holdshort/question/v1\0${purpose}\0`).update(text).digest('base64url');
  /** The text of what was sealed, with its end. */
  const textIn = (sealed: string): string | undefined => {
    const at = sealed.indexOf('.');
    const text = sealed.slice(at + 1);
    return isSame(sealed.slice(0, at), macOf(text)) ? text : undefined;
  };
  return {
    async seal(question) {
      const until = Date.parse(await now()) + lastsMs;
      const text = JSON.stringify({ question, until, by: here, end: monotonic() + lastsMs } satisfies Content);
      return `${macOf(text)}.${text}`;
    },
    async open(sealed) {
      const text = textIn(sealed);
      if (text === undefined) return 'foreign';
      const { question, until, by, end }: Content = JSON.parse(text);
      const left = until - Date.parse(await now());
      // Setting back the store's clock keeps none open, here or elsewhere.
      const setBack = by === here ? monotonic() >= end : left > lastsMs;
      return left <= 0 || setBack ? 'over' : question;
    },
    isOurs: (sealed) => textIn(sealed) !== undefined,
    secretOf: (name) =>
      createHmac('sha256', key()).update(`holdshort/secret/v1\0${purpose}\0`).update(name).digest('base64url'),
    isUsed: (name) => used.has(name),
    use(name) {
      const at = monotonic();
      for (const [old, until] of used) if (until <= at) used.delete(old);
      if (used.has(name)) return false;
      used.set(name, at + lastsMs);
      return true;
    },
  };
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
