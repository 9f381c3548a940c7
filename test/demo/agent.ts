import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { AgentAnswer } from '../../src/commands/demo/agent.ts';
import type { Host } from './stage.ts';

const PROGRAM = fileURLToPath(new URL('./agent-process.ts', import.meta.url));

export interface Agent {
  readonly environment: Readonly<Record<string, string>>;
  readonly tools: readonly string[];
  /** The issuer, as it found it. */
  readonly found: string;
  call(name: string, args?: Record<string, unknown>): Promise<AgentAnswer & Record<string, any>>;
  /** The text of an answer, as a chat shows it. */
  text(name: string, args?: Record<string, unknown>): Promise<string>;
  /** How another address answers the token that it has. */
  knock(address: string): Promise<number>;
}

/** @param logIn takes its person to this address, in a browser */
export async function startAgent(
  host: Host,
  resource: string,
  logIn: (address: string) => Promise<void>,
): Promise<Agent> {
  const child = host.start([resource], PROGRAM);
  let wrong = '';
  child.stderr?.on('data', (chunk) => (wrong += chunk));
  if (!child.stdout) throw new Error('an agent needs a pipe');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value } = await lines.next();
    if (value === undefined) throw new Error(`the agent ended: ${wrong}`);
    return JSON.parse(value);
  };
  const { environment } = await next();
  let said = await next();
  if (said.login !== undefined) {
    await logIn(said.login);
    said = await next();
  }
  const ask = async (question: object) => {
    child.stdin?.write(`${JSON.stringify(question)}\n`);
    return (await next()).answer;
  };
  return {
    ...{ environment, tools: said.tools, found: said.found },
    call: async (name, args = {}) => (await ask({ name, args })).data,
    text: async (name, args = {}) => (await ask({ name, args })).text,
    knock: (address) => ask({ knock: address }),
  };
}
