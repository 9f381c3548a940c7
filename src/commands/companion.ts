import { readFile } from 'node:fs/promises';
import { serveCompanion } from '../../approvals/server.ts';
import type { CommandResult } from '../present/command-result.ts';
import { deskOf } from './desk.ts';
import { type House, SOFTWARE } from './house.ts';
import { stdio } from './stdio.ts';

/** Beside the chunks of a build, of which this is one. */
const CARD = new URL('../app/card.html', import.meta.url);

/** The approver's MCP server, until its client goes. */
export async function runCompanion(house: House, options: { readonly as?: string }): Promise<CommandResult> {
  const { transport, ended } = stdio();
  const close = serveCompanion(
    {
      ...deskOf(house),
      software: SOFTWARE,
      as: options.as,
      env: house.env,
      osUser: house.osUser,
      card: () => readFile(CARD, 'utf8'),
    },
    transport,
  );
  const exit = await ended;
  await close();
  return { data: {}, text: '', exit };
}
