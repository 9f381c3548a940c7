import {
  Client,
  ClientCredentialsProvider,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { UnauthorizedError as OlderUnauthorized } from '@modelcontextprotocol/sdk/client/auth.js';
import { ClientCredentialsProvider as OlderCredentials } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { type Calling, chatOf, type Host, type Reply, type Said } from '../scenes/hosts.ts';

/** A client of a hub that came in by its own OAuth. */
export interface Remote {
  tools(): Promise<readonly string[]>;
  call(name: string, args?: Record<string, unknown>): Promise<any>;
  /** The whole answer of a tool. */
  said(name: string, args?: Record<string, unknown>): Promise<Said>;
  read(uri: string): Promise<string>;
  close(): Promise<void>;
}

/** What a chat client says that it can put before its person, and what that person answers. */
export interface Chatting {
  readonly capabilities?: Pick<Host['capabilities'], 'elicitation' | 'extensions'>;
  readonly answer?: (message: string) => Reply;
}

export interface Program {
  readonly id: string;
  readonly secret: string;
  readonly issuer: string;
  readonly scope: string;
}

/** Takes a person there, and tells where the browser was sent back to. */
type LogIn = (address: URL) => Promise<URL>;

const ITSELF = { name: 'remote', version: '1.0.0' };

/** What a person's client keeps for the SDK, which does the rest: finds, registers, asks, exchanges, refreshes. */
export class PersonsProvider implements OAuthClientProvider {
  readonly redirectUrl: string;
  readonly clientMetadata;
  /** Of a client that is known by its document: where that is. */
  clientMetadataUrl?: string;
  client: StoredOAuthClientInformation | undefined;
  kept: StoredOAuthTokens | undefined;
  discovery: OAuthDiscoveryState | undefined;
  /** How often its person was sent to log in, and what the browser came back with. */
  asked = 0;
  callback = new URLSearchParams();
  #verifier = '';
  readonly #logIn: LogIn;

  constructor(logIn: LogIn, redirectUrl = 'http://localhost:1/callback') {
    this.#logIn = logIn;
    this.redirectUrl = redirectUrl;
    this.clientMetadata = {
      client_name: 'A client of tests',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }

  clientInformation() {
    return this.client;
  }
  saveClientInformation(client: StoredOAuthClientInformation) {
    this.client = client;
  }
  tokens() {
    return this.kept;
  }
  saveTokens(tokens: StoredOAuthTokens) {
    this.kept = tokens;
  }
  discoveryState() {
    return this.discovery;
  }
  saveDiscoveryState(discovery: OAuthDiscoveryState) {
    this.discovery = discovery;
  }
  codeVerifier() {
    return this.#verifier;
  }
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier;
  }
  async redirectToAuthorization(address: URL) {
    this.asked += 1;
    this.callback = (await this.#logIn(address)).searchParams;
  }
}

/** The present SDK. Its first try ends at the issuer's login, and the second has a token, as in every client. */
export async function present(
  resource: string,
  by: PersonsProvider | Program,
  { capabilities = {}, answer }: Chatting = {},
): Promise<Remote> {
  const authProvider = by instanceof PersonsProvider ? by : new ClientCredentialsProvider(credentials(by));
  const transport = () => new StreamableHTTPClientTransport(new URL(resource), { authProvider });
  const client = () => {
    const made = new Client(ITSELF, { versionNegotiation: { mode: 'auto' }, capabilities: capabilities as never });
    if (answer) made.setRequestHandler('elicitation/create', ({ params }) => answer(params.message));
    return made;
  };
  const first = transport();
  let connected = client();
  try {
    await connected.connect(first);
  } catch (error) {
    if (!(error instanceof UnauthorizedError && by instanceof PersonsProvider)) throw error;
    await first.finishAuth(by.callback);
    connected = client();
    await connected.connect(transport());
  }
  return remote(connected);
}

/** The older SDK, in the same way. */
export async function older(
  resource: string,
  by: PersonsProvider | Program,
  { capabilities = {}, answer }: Chatting = {},
): Promise<Remote> {
  const authProvider = by instanceof PersonsProvider ? by : new OlderCredentials(credentials(by));
  const transport = () => new OlderTransport(new URL(resource), { authProvider });
  const first = transport();
  const client = () => {
    const made = new OlderClient(ITSELF, { capabilities: capabilities as never });
    if (answer) made.setRequestHandler(ElicitRequestSchema, ({ params }) => answer(params.message));
    return made;
  };
  let connected = client();
  // Its own declaration doesn't fit its own transport where optional members have to be left out.
  const connect = (over: OlderTransport) => connected.connect(over as Parameters<OlderClient['connect']>[0]);
  try {
    await connect(first);
  } catch (error) {
    if (!(error instanceof OlderUnauthorized && by instanceof PersonsProvider)) throw error;
    await first.finishAuth(by.callback.get('code') ?? '');
    connected = client();
    await connect(transport());
  }
  return remote(connected);
}

/** The scope too: for programs the older SDK doesn't take that of the challenge. */
function credentials({ id, secret, issuer, scope }: Program) {
  return { clientId: id, clientSecret: secret, expectedIssuer: issuer, scope };
}

/** Both SDKs have these by the same names. */
interface Asks extends Calling {
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<object>;
  close(): Promise<void>;
}

function remote(client: Asks): Remote {
  const { call: said, read } = chatOf(client, []);
  return {
    ...{ said, read },
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    async call(name, args = {}) {
      const answer = await client.callTool({ name, arguments: args });
      return 'structuredContent' in answer ? answer.structuredContent : answer;
    },
    close: () => client.close(),
  };
}

/** A client on stdio that knows nothing of HTTP, on `mcp-remote` as a user starts it. */
export async function byMcpRemote(
  resource: string,
  { home, args = [], visit }: { home: string; args?: readonly string[]; visit: (address: string) => Promise<void> },
): Promise<Remote> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['node_modules/mcp-remote/dist/proxy.js', resource, ...args],
    env: { PATH: process.env.PATH ?? '', HOME: home, MCP_REMOTE_CONFIG_DIR: home, BROWSER: 'true' },
    stderr: 'pipe',
  });
  let said = '';
  let visited = false;
  let failed: unknown;
  transport.stderr?.on('data', (chunk) => {
    said += chunk;
    const address = /^\s*(https?:\/\/localhost:\d+\/\S+)$/m.exec(said)?.[1];
    if (address === undefined || visited) return;
    visited = true;
    visit(address).catch((error: unknown) => {
      failed = error;
    });
  });
  const client = new Client(ITSELF);
  try {
    await client.connect(transport);
  } catch (error) {
    throw new Error(`mcp-remote: ${String(failed ?? error)}\n${said}`);
  }
  return remote(client);
}
