import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { sha256 } from '../../src/kernel/digest.ts';
import { bounded } from '../../src/kernel/safe-text.ts';

/**
 * What a client says that it can put before a person, and what it calls itself. None of it is proof that anyone looks.
 */
export interface Surface {
  readonly form: boolean;
  /** Offers to open an address. */
  readonly url: boolean;
  /** Renders MCP Apps. */
  readonly card: boolean;
  readonly client: { readonly name: string; readonly version: string };
}

const Capabilities = z.object({
  elicitation: z.object({ form: z.unknown(), url: z.unknown() }).partial().optional().catch(undefined),
  extensions: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

const Info = z.object({ name: z.string(), version: z.string() });

/** SEP-1865. */
const APPS = 'io.modelcontextprotocol/ui';
const LONGEST_NAME = 100;

/**
 * As declared in this request since 2026-07-28, and at the beginning of the connection before. A bare `elicitation: {}`
 * is how older clients say that they show forms.
 * @param hasCard the client has fetched the card in this connection: some that render it don't declare that they can
 */
export function surfaceOf({ server }: McpServer, { mcpReq }: ServerContext, hasCard: boolean): Surface {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  const declared = Capabilities.safeParse(envelope[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities());
  const info = Info.safeParse(envelope[CLIENT_INFO_META_KEY] ?? server.getClientVersion()).data;
  const { elicitation, extensions } = declared.data ?? {};
  return {
    form: elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined),
    url: elicitation?.url !== undefined,
    card: hasCard || extensions?.[APPS] !== undefined,
    client: {
      name: bounded(info?.name ?? '', LONGEST_NAME, sha256),
      version: bounded(info?.version ?? '', LONGEST_NAME, sha256),
    },
  };
}
