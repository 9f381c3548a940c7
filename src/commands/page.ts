import { fileURLToPath } from 'node:url';
import { sealsOf } from '../../approvals/seals.ts';
import { LOGIN_MS } from '../../approvals/web/at-issuer.ts';
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
  const sealing = { key: installation.pageKey, now: () => desk.store.now(), monotonic };
  return {
    ...desk,
    seals: sealsOf({ ...sealing, purpose: 'page', lastsMs: OPEN_MS }),
    loginSeals: sealsOf({ ...sealing, purpose: 'login', lastsMs: LOGIN_MS }),
    monotonic,
    assets: ASSETS,
    failed: (error) => installation.log.error({ err: error }, 'the page could not answer'),
  };
}
