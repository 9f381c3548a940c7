import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** The part of an answer that the story tells. */
export interface AgentAnswer {
  readonly outcome?: string;
  readonly plan?: {
    readonly summary: string;
    readonly environment: string;
    readonly effects: readonly string[];
    readonly undo?: {
      readonly exists: string;
      readonly lost: readonly { readonly type: string; readonly why: string }[];
    };
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
  call(tool: string, args: Record<string, unknown>): Promise<AgentAnswer>;
  close(): Promise<void>;
}

/** @param signal ends it and its server; what it waits for then fails, and so does every call after that */
export async function connectAgent(
  args: readonly string[],
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<DemoAgent> {
  let asked = 0;
  const client = new Client({ name: 'demo-agent', version: '1.0.0' }, { capabilities: { elicitation: { form: {} } } });
  client.setRequestHandler('elicitation/create', () => {
    asked += 1;
    return { action: 'accept', content: {} };
  });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= client.close();
    return closing;
  };
  signal.addEventListener('abort', close);
  const transport = new StdioClientTransport({ command: process.execPath, args: [...args], env });
  const { tools } = await client
    .connect(transport)
    .then(() => client.listTools())
    .catch(async (error) => {
      await close();
      throw error;
    });
  return {
    tools: tools.map((tool) => tool.name),
    asked: () => asked,
    async call(name, input) {
      signal.throwIfAborted();
      const { structuredContent } = await client.callTool({ name, arguments: input });
      return (structuredContent ?? {}) as AgentAnswer;
    },
    close,
  };
}
