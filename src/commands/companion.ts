import { readFile } from 'node:fs/promises';
import { serveCompanion } from '../../approvals/server.ts';
import type { CommandResult } from '../present/command-result.ts';
import { endUnread } from './closed-streams.ts';
import { deskOf } from './desk.ts';
import { type Installation, SOFTWARE } from './installation.ts';
import { stdio } from './stdio.ts';

/** Beside the chunks of a build, of which this is one. */
const FILE = new URL('../app/card.html', import.meta.url);

/** The card's page. */
export const CARD = (): Promise<string> => readFile(FILE, 'utf8');

/** The approver's MCP server, until its client goes. */
export async function runCompanion(
  installation: Installation,
  options: { readonly as?: string },
): Promise<CommandResult> {
  const { transport, ended } = stdio();
  const close = serveCompanion(
    {
      ...deskOf(installation),
      software: SOFTWARE,
      as: options.as,
      env: installation.env,
      osUser: installation.osUser,
      card: CARD,
    },
    transport,
  );
  const exit = await ended;
  await close();
  endUnread();
  return { data: {}, text: '', exit };
}
