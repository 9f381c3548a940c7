import { fileURLToPath } from 'node:url';
import { servePage } from '../../approvals/web/server.ts';
import { DEFAULT_WEB_PORT } from '../config.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import { deskOf } from './desk.ts';
import { heldSockets } from './held-sockets.ts';
import { type Installation, pageOrigin } from './installation.ts';
import { terminal } from './print.ts';

/** Beside the chunks of a build, of which this is one. */
const ASSETS = fileURLToPath(new URL('../web/', import.meta.url));

/** The approval page in the foreground. */
export async function runWeb(installation: Installation, options: { readonly port?: number }): Promise<CommandResult> {
  const { web } = installation.config;
  const origin = web?.origin;
  const page = await servePage(
    {
      port: options.port ?? web?.port ?? DEFAULT_WEB_PORT,
      held: heldSockets(installation.env, process.pid),
      links: (port) => installation.pageLinks(pageOrigin({ port, ...(origin === undefined ? {} : { origin }) })),
    },
    {
      ...deskOf(installation),
      monotonic: () => performance.now(),
      assets: ASSETS,
      failed: (error) => installation.log.error({ err: error }, 'the page could not answer'),
    },
  );
  const { links } = page;
  terminal().show(
    `What waits:          ${links.list()}\nRegister a passkey:  ${links.enroll()}\nCtrl-C ends the page; tickets go on waiting.`,
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await page.close();
  return { data: {}, text: 'The page is closed; nothing was lost.', exit: EXIT.done };
}
