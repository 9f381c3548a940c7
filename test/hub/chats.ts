import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/** A message as it was sent. */
export interface Sent {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** People's chat clients at hubs. */
export function chatsAt(url: string) {
  const closing: (() => Promise<void>)[] = [];
  return {
    /** One of a person who answers each form as told, and everything that it sent. */
    async chatOf(token: string, answer: (message: string) => object, era: 'present' | 'older' = 'present') {
      const sent: Sent[] = [];
      const forms: string[] = [];
      const client = new Client(
        { name: 'chat', version: '1.0.0' },
        {
          capabilities: { elicitation: { form: {}, url: {} } },
          versionNegotiation: { mode: era === 'present' ? { pin: '2026-07-28' } : 'legacy' },
        },
      );
      client.setRequestHandler('elicitation/create', ({ params }) => {
        forms.push(params.message);
        return answer(params.message) as never;
      });
      const transport = new StreamableHTTPClientTransport(new URL(`${url}/companion/mcp`), {
        requestInit: { headers: { authorization: `Bearer ${token}` } },
        fetch: async (to, init) => {
          if (typeof init?.body === 'string')
            sent.push({ headers: Object.fromEntries(new Headers(init.headers)), body: init.body });
          return fetch(to, init);
        },
      });
      await client.connect(transport);
      closing.push(() => client.close());
      const call = async (name: string, args: object = {}) => {
        const { content, structuredContent, isError } = (await client.callTool({
          name,
          arguments: args as Record<string, unknown>,
        })) as any;
        return { text: content[0]?.text as string, data: structuredContent, isError: isError ?? false };
      };
      return { call, sent, forms };
    },
    async close() {
      for (const close of closing) await close();
    },
  };
}
