import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** The part of an answer that the story tells. */
export interface Told {
  readonly outcome?: string;
  readonly plan?: {
    readonly summary: string;
    readonly environment: string;
    readonly effects: readonly string[];
    readonly impact: readonly { readonly type: string; readonly detail: string; readonly recoverable: boolean }[];
  };
  readonly ticket?: { readonly id: string; readonly state: string; readonly digest: string };
  readonly refusal?: { readonly code: string; readonly message: string };
  readonly [key: string]: unknown;
}

/** An AI agent's client, as eager as one can be: it accepts every question that a server asks it. */
export interface DemoAgent {
  readonly tools: readonly string[];
  /** Questions that the server put to this client. */
  readonly asked: () => number;
  call(tool: string, args: Record<string, unknown>): Promise<Told>;
  close(): Promise<void>;
}

export async function connectAgent(args: readonly string[], env: Record<string, string>): Promise<DemoAgent> {
  let asked = 0;
  const client = new Client({ name: 'demo-agent', version: '1.0.0' }, { capabilities: { elicitation: { form: {} } } });
  client.setRequestHandler('elicitation/create', () => {
    asked += 1;
    return { action: 'accept', content: {} };
  });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [...args], env }));
  const { tools } = await client.listTools();
  return {
    tools: tools.map((tool) => tool.name),
    asked: () => asked,
    async call(name, input) {
      const { structuredContent } = await client.callTool({ name, arguments: input });
      return (structuredContent ?? {}) as Told;
    },
    close: () => client.close(),
  };
}
