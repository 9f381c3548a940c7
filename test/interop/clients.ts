import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { CLI, type Place } from '../scenes/front-door.ts';

/** What every client can do, whichever library and protocol version it speaks. */
export interface Connected {
  readonly protocol: string | undefined;
  readonly server: string | undefined;
  readonly instructions: string | undefined;
  readonly pid: number;
  tools(): Promise<readonly string[]>;
  call(
    name: string,
    args?: Record<string, unknown>,
    onprogress?: (progress: { progress: number; total?: number | undefined }) => void,
  ): Promise<Called>;
  resources(): Promise<readonly string[]>;
  templates(): Promise<readonly string[]>;
  read(uri: string): Promise<{ uri: string; text: string; mimeType?: string | undefined }>;
  /** Asks to be told of updates, as this protocol version does it; every URI that is announced goes to `announced`. */
  subscribe(uri: string, announced: (uri: string) => void): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The members of structured answers that these tests look at. */
interface Answer {
  readonly ticket: { readonly id: string; readonly state: string; readonly digest: string };
  readonly instances: readonly { readonly instance_id: string; readonly state: string }[];
}

export interface Called {
  readonly data: Answer;
  readonly text: string;
  readonly isError: boolean;
}

type Form = { readonly message: string };
export type Person = (form: Form) => { action: 'accept' | 'decline' | 'cancel'; content?: Record<string, string> };

interface Options {
  readonly command?: 'serve' | 'companion';
  readonly args?: readonly string[];
  /** Answers forms; without one, the client doesn't say that it can show any. */
  readonly person?: Person;
}

export type Connect = (place: Place, options?: Options) => Promise<Connected>;

function spawned(place: Place, { command = 'serve', args = [] }: Options) {
  return { command: process.execPath, args: [CLI, command, ...args], env: place.env, stderr: 'ignore' as const };
}

/** The present SDK, with one way of agreeing on a protocol version. */
function present(mode: NonNullable<ClientOptions['versionNegotiation']>['mode']): Connect {
  return async (place, options = {}) => {
    const { person } = options;
    const client = new Client(
      { name: 'interop', version: '1.0.0' },
      { capabilities: person ? { elicitation: { form: {} } } : {}, versionNegotiation: mode ? { mode } : {} },
    );
    if (person) client.setRequestHandler('elicitation/create', ({ params }) => person({ message: params.message }));
    const transport = new StdioClientTransport(spawned(place, options));
    await client.connect(transport);
    const protocol = client.getNegotiatedProtocolVersion();
    return {
      protocol,
      server: client.getServerVersion()?.name,
      instructions: client.getInstructions(),
      pid: transport.pid ?? 0,
      tools: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: async (name, args = {}, onprogress) =>
        called(await client.callTool({ name, arguments: args }, onprogress ? { onprogress } : {})),
      resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
      templates: async () => (await client.listResourceTemplates()).resourceTemplates.map((one) => one.uriTemplate),
      read: async (uri) => contentOf(await client.readResource({ uri })),
      async subscribe(uri, announced) {
        client.setNotificationHandler('notifications/resources/updated', ({ params }) => announced(params.uri));
        if (protocol === '2026-07-28') await client.listen({ resourceSubscriptions: [uri] });
        else await client.subscribeResource({ uri });
      },
      ping: async () => void (await client.ping()),
      close: () => client.close(),
    };
  };
}

/** The SDK's first line, which most clients in the field are built on. */
const older: Connect = async (place, options = {}) => {
  const { person } = options;
  const client = new OlderClient(
    { name: 'interop', version: '1.0.0' },
    { capabilities: person ? { elicitation: {} } : {} },
  );
  if (person) client.setRequestHandler(ElicitRequestSchema, ({ params }) => person({ message: params.message }));
  const transport = new OlderTransport(spawned(place, options));
  let protocol: string | undefined;
  // The older client keeps what was agreed to itself; this is how its HTTP transports are told.
  Object.assign(transport, { setProtocolVersion: (version: string) => (protocol = version) });
  await client.connect(transport);
  return {
    protocol,
    server: client.getServerVersion()?.name,
    instructions: client.getInstructions(),
    pid: transport.pid ?? 0,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}, onprogress) =>
      called(await client.callTool({ name, arguments: args }, undefined, onprogress ? { onprogress } : {})),
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    templates: async () => (await client.listResourceTemplates()).resourceTemplates.map((one) => one.uriTemplate),
    read: async (uri) => contentOf(await client.readResource({ uri })),
    async subscribe(uri, announced) {
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => announced(params.uri));
      await client.subscribeResource({ uri });
    },
    ping: async () => void (await client.ping()),
    close: () => client.close(),
  };
};

/** Every kind of client, with the protocol version that it must end up with. */
export const CLIENTS: readonly (readonly [string, Connect, string])[] = [
  ['a v1 client', older, '2025-11-25'],
  ['a v2 client on the older protocol', present('legacy'), '2025-11-25'],
  ['a v2 client that finds out', present('auto'), '2026-07-28'],
  ['a v2 client that insists on 2026-07-28', present({ pin: '2026-07-28' }), '2026-07-28'],
];

function called(result: unknown): Called {
  const {
    content = [],
    structuredContent,
    isError,
  } = result as {
    content?: readonly { text?: string }[];
    structuredContent: Answer;
    isError?: boolean;
  };
  return { data: structuredContent, text: content.map(({ text }) => text ?? '').join('\n'), isError: isError ?? false };
}

function contentOf(result: unknown) {
  const { contents } = result as { contents: readonly { uri: string; text: string; mimeType?: string }[] };
  const [first] = contents;
  if (!first || contents.length !== 1) throw new Error(`${contents.length} contents`);
  return first;
}
