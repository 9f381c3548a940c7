import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The addresses of the approval page. Each carries a secret that follows from what it shows, so that other people of
 * this machine, and pages that guess, read nothing. Anyone who is given one ticket's address learns no other. None of
 * them decides anything.
 */
export interface PageLinks {
  readonly origin: string;
  readonly list: () => string;
  readonly enroll: () => string;
  readonly ticket: (id: string) => string;
  /** The same address further on: `decided`. */
  readonly decided: (id: string) => string;
  /** Does the secret belong to this ticket, or to the pages that aren't about one? */
  readonly opens: (secret: string | undefined, what: Subject) => boolean;
}

/** A ticket's id, or `installation`: what waits, and who wants to be enrolled. */
type Subject = 'installation' | `tkt_${string}`;

/** @param key from `keys/`, asked for at the first use */
export function linksOf(origin: string, key: () => Uint8Array): PageLinks {
  const secretOf = (what: string) =>
    createHmac('sha256', key()).update('holdshort/page/v1\0').update(what).digest('base64url');
  const at = (path: string, what: string) => `${origin}${path}?s=${secretOf(what)}`;
  return {
    origin,
    list: () => at('/', 'installation'),
    enroll: () => at('/enroll', 'installation'),
    ticket: (id) => at(`/tickets/${id}`, id),
    decided: (id) => at(`/tickets/${id}/decided`, id),
    opens(secret, what) {
      const wanted = Buffer.from(secretOf(what));
      const given = Buffer.from(secret ?? '');
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
}
