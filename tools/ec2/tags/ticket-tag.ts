import { z } from 'zod';
import type { Attempt } from '../../define.ts';
import type { Filter } from '../../ports/ec2-query.ts';

/** Tells people which ticket made a thing. */
const TICKET_TAG = 'holdshort:ticket';

/**
 * Given to what a ticket makes, in the request that makes it, with the request's token: AWS keeps no token that one
 * could ask for of snapshots, images and volumes, so this is how the ticket finds what came of it, also after a crash.
 * No call can give such a tag (`CreationTags`).
 */
export const REQUEST_TAG = 'holdshort:request';

/** The end of the line about what is made. */
export const TAG_NOTE = `; is tagged ${TICKET_TAG}`;

/** Tags of stored arguments. */
export const StoredTags = z.record(z.string(), z.string());

/** @param given the tags of the stored arguments */
export function tagsWithTicket(
  given: Readonly<Record<string, string>> = {},
  ticket: string,
  { token }: Attempt,
): Readonly<Record<string, string>> {
  return { ...given, [TICKET_TAG]: ticket, [REQUEST_TAG]: token };
}

export function madeBy({ token }: Attempt): readonly Filter[] {
  return [{ name: `tag:${REQUEST_TAG}`, values: [token] }];
}
