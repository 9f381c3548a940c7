import { readFile } from 'node:fs/promises';
import { serveCompanion } from '../../approvals/server.ts';
import type { CommandResult } from '../present/command-result.ts';
import { deskOf } from './desk.ts';
import { type Installation, SOFTWARE } from './installation.ts';
import { stdio } from './stdio.ts';

/** Beside the chunks of a build, of which this is one. */
const CARD = new URL('../app/card.html', import.meta.url);

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
      card: () => readFile(CARD, 'utf8'),
    },
    transport,
  );
  const exit = await ended;
  await close();
  return { data: {}, text: '', exit };
}
