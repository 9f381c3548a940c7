import { HoldshortError } from '../src/kernel/errors.ts';

/** A refusal's texts: what is so, and what to do next. Both are shown to the agent. */
type Refusal = (message: string, recovery: string) => HoldshortError;

/** What is named isn't there, or isn't this account's. */
export const notFound: Refusal = (message, recovery) => new HoldshortError('not_found', message, recovery);

/** It is there, but in a state in which AWS doesn't do this, or in which it would do nothing. */
export const wrongState: Refusal = (message, recovery) => new HoldshortError('wrong_state', message, recovery);

/** Something else still uses what is to go. */
export const inUse: Refusal = (message, recovery) => new HoldshortError('in_use', message, recovery);
