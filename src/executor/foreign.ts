/** How long an account is taken for one that these credentials are not for: signing in again may change that. */
const FOREIGN_MS = 30_000;

/** Accounts that an executor found that it can't speak for: it leaves their tickets to others for a while. */
export interface Foreign {
  add(account: string): void;
  now(): readonly string[];
}

export function foreignOf(): Foreign {
  const until = new Map<string, number>();
  return {
    add: (account) => void until.set(account, performance.now() + FOREIGN_MS),
    now() {
      for (const [account, end] of until) if (end <= performance.now()) until.delete(account);
      return [...until.keys()];
    },
  };
}
