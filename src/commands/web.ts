import { servePage } from '../../approvals/web/server.ts';
import { DEFAULT_WEB_PORT } from '../config.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import { endUnread } from './closed-streams.ts';
import { heldSockets } from './held-sockets.ts';
import { type Installation, pageOrigin } from './installation.ts';
import { pageContextOf } from './page.ts';
import { terminal } from './print.ts';

/** The approval page in the foreground; where the hubs have it, only its addresses: passkeys are good at one origin. */
export async function runWeb(installation: Installation, options: { readonly port?: number }): Promise<CommandResult> {
  const { web, hub } = installation.config;
  if (hub && !installation.sandbox) {
    const { list, enroll } = installation.pageLinks(hub.url);
    return { data: { list: list(), enroll: enroll() }, text: addressesOf(list(), enroll()), exit: EXIT.done };
  }
  const origin = web?.origin;
  const page = await servePage(
    {
      port: options.port ?? web?.port ?? DEFAULT_WEB_PORT,
      held: heldSockets(installation.env, process.pid),
      links: (port) => installation.pageLinks(pageOrigin({ port, ...(origin === undefined ? {} : { origin }) })),
    },
    pageContextOf(installation),
  );
  const { links } = page;
  terminal().show(`${addressesOf(links.list(), links.enroll())}\nCtrl-C ends the page; tickets go on waiting.`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await page.close();
  endUnread();
  return { data: {}, text: 'The page is closed; nothing was lost.', exit: EXIT.done };
}

function addressesOf(list: string, enroll: string): string {
  return `What waits:          ${list}\nRegister a passkey:  ${enroll}`;
}
