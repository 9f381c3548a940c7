import { fileURLToPath } from 'node:url';
import { sealsOf } from '../../approvals/seals.ts';
import { OPEN_MS } from '../../approvals/web/challenges.ts';
import type { PageContext } from '../../approvals/web/context.ts';
import { deskOf } from './desk.ts';
import type { Installation } from './installation.ts';

/** Beside the chunks of a build, of which this is one. */
const ASSETS = fileURLToPath(new URL('../web/', import.meta.url));

/** What the approval page is given, wherever it is served. */
export function pageContextOf(installation: Installation): Omit<PageContext, 'links'> {
  const desk = deskOf(installation);
  const monotonic = () => performance.now();
  return {
    ...desk,
    seals: sealsOf({
      key: installation.pageKey,
      purpose: 'page',
      lastsMs: OPEN_MS,
      now: () => desk.store.now(),
      monotonic,
    }),
    monotonic,
    assets: ASSETS,
    failed: (error) => installation.log.error({ err: error }, 'the page could not answer'),
  };
}
