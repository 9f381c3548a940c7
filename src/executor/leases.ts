import type { Claim, ExecutorStore } from '../store/port.ts';

export const LEASE_MS = 10_000;
const RENEW_MS = 3_000;
/** After a renewal that failed there is time for many more before the lease is over. */
const AGAIN_MS = 250;

/** A claim of this process's. */
export interface Held {
  readonly claim: Claim;
  /** Is it still surely ours? Checked right before each send. */
  holds(): boolean;
  /** Does what keeps the claim for `LEASE_MS` more. */
  keptBy(work: () => Promise<void>): Promise<void>;
  letGo(): Promise<void>;
}

export interface Leases {
  /** @param asked when the store was asked for it, as `performance.now()` counts */
  hold(claim: Claim, asked: number): Held;
  close(): void;
}

/** Keeps what a process has claimed, all of it in one write, however much is watched. */
export function leasesOf(store: Pick<ExecutorStore, 'renew' | 'release'>, failed: (error: unknown) => void): Leases {
  const until = new Map<Claim, number>();

  async function renewAll(): Promise<void> {
    const [asked, claims] = [performance.now(), [...until.keys()]];
    if (claims.length === 0) return;
    const kept = new Set((await store.renew(claims, LEASE_MS)).map(nameOf));
    for (const claim of claims) {
      if (kept.has(nameOf(claim))) keptSince(asked, claim);
      else if (until.has(claim)) until.set(claim, 0);
    }
  }

  /** One that was asked for earlier may be answered later. */
  function keptSince(asked: number, claim: Claim): void {
    const known = until.get(claim);
    if (known !== undefined) until.set(claim, Math.max(known, asked + LEASE_MS));
  }

  let next: NodeJS.Timeout | undefined;
  let closed = false;
  const renewIn = (ms: number) => {
    if (closed) return;
    next = setTimeout(() => {
      renewAll().then(
        () => renewIn(RENEW_MS),
        (error) => {
          failed(error);
          renewIn(AGAIN_MS);
        },
      );
    }, ms);
  };
  renewIn(RENEW_MS);
  return {
    hold(claim, asked) {
      until.set(claim, asked + LEASE_MS);
      return {
        claim,
        holds: () => performance.now() < (until.get(claim) ?? 0),
        async keptBy(work) {
          const began = performance.now();
          await work();
          keptSince(began, claim);
        },
        async letGo() {
          until.delete(claim);
          await store.release(claim).catch(() => undefined);
        },
      };
    },
    close() {
      closed = true;
      clearTimeout(next);
    },
  };
}

function nameOf({ ticket, epoch }: Claim): string {
  return `${ticket} ${epoch}`;
}
