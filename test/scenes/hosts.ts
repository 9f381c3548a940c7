import { Client } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import { companionOn } from './companion.ts';
import type { Installation } from './installation.ts';

const PAGE = 'https://approve.example.test';

/** What a client is asked to put before its person. */
export interface Question {
  readonly mode: string | undefined;
  readonly message: string;
  readonly url?: string;
  readonly requestedSchema?: { readonly properties: Record<string, { title?: string; description?: string }> };
}

export type Reply = { action: 'accept' | 'decline' | 'cancel'; content?: Record<string, string> };

/** A chat client: what it says that it can do, and what it (or its person) answers. */
export interface Host {
  readonly capabilities: { elicitation?: object; extensions?: Record<string, object> };
  readonly answer?: (question: Question) => Reply | Promise<Reply>;
}

export interface Chat {
  readonly seen: Question[];
  call(name: string, args?: Record<string, unknown>): Promise<Said>;
  read(uri: string): Promise<string>;
}

export interface Said {
  readonly text: string;
  readonly data: Record<string, unknown>;
  readonly isError: boolean;
  readonly meta: Record<string, unknown>;
}

function said(result: unknown): Said {
  const { content, structuredContent, isError, _meta } = result as {
    content: { text: string }[];
    structuredContent?: Record<string, unknown>;
    isError?: boolean;
    _meta?: Record<string, unknown>;
  };
  return { text: content[0]?.text ?? '', data: structuredContent ?? {}, isError: isError ?? false, meta: _meta ?? {} };
}

const companion = ({ home }: Installation, osUser = 'noa') => companionOn(home, osUser, PAGE);

/** What both libraries' clients have in common. */
export interface Calling {
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  readResource(params: { uri: string }): Promise<{ contents: readonly object[] }>;
}

export function chatOf(client: Calling, seen: Question[]): Chat {
  return {
    seen,
    call: async (name, args = {}) => said(await client.callTool({ name, arguments: args })),
    read: async (uri) =>
      (await client.readResource({ uri })).contents.map((one) => String('text' in one && one.text)).join(),
  };
}

const INFO = { name: 'test-host', version: '1.0' };

const present =
  (mode: 'legacy' | { pin: '2026-07-28' }) =>
  async (installation: Installation, { capabilities, answer }: Host, osUser?: string): Promise<Chat> => {
    const client = new Client(INFO, { capabilities: capabilities as never, versionNegotiation: { mode } });
    const seen: Question[] = [];
    if (answer)
      client.setRequestHandler('elicitation/create', ({ params }) => {
        seen.push(params as Question);
        return answer(params as Question);
      });
    await client.connect(companion(installation, osUser));
    onTestFinished(() => client.close());
    return chatOf(client, seen);
  };

async function older(installation: Installation, { capabilities, answer }: Host, osUser?: string): Promise<Chat> {
  const client = new V1Client(INFO, { capabilities: capabilities as never });
  const seen: Question[] = [];
  if (answer)
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      seen.push(params as Question);
      return answer(params as Question);
    });
  await client.connect(companion(installation, osUser));
  onTestFinished(() => client.close());
  return chatOf(client, seen);
}

/** Both libraries, both protocol eras. */
export const CLIENTS = {
  'v1, 2025-11-25': older,
  'v2, 2025-11-25': present('legacy'),
  'v2, 2026-07-28': present({ pin: '2026-07-28' }),
} as const;
