import { setImmediate as others } from 'node:timers/promises';

/**
 * All of a list that the store gives in pages, each to be asked for by the last of the one before. SQLite answers
 * without the event loop, which is needed by whatever else is under way: it gets its turn after each page.
 */
export async function* pagesOf<T>(next: (after?: T) => Promise<readonly T[]>): AsyncGenerator<readonly T[], void> {
  for (let page = await next(); page.length > 0; page = await next(page.at(-1))) {
    yield page;
    await others();
  }
}
