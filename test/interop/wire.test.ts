import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Cloud, startCloud } from '../scenes/cloud.ts';
import { makePlace, type Place, REASON, stop } from '../scenes/front-door.ts';

/** JSON-RPC by hand, as no well-behaved client writes it. */
interface Wire {
  readonly child: ChildProcess;
  /** Every line on stdout, parsed; a line that isn't JSON fails the test that reads it. */
  readonly received: readonly Message[];
  readonly stderr: () => string;
  write(text: string): void;
  send(message: object): void;
  answer(id: number | string | null): Promise<Message>;
  call(id: number, name: string, args?: object): Promise<Message>;
}

/** The members that these tests look at. */
interface Message {
  readonly jsonrpc?: string;
  readonly id?: number | string | null;
  readonly method?: string;
  readonly result: {
    readonly isError?: boolean;
    readonly structuredContent: {
      readonly instances: readonly { readonly instance_id: string }[];
      readonly ticket: { readonly id: string };
    };
  };
  readonly error?: { readonly code: number; readonly message: string };
}

let cloud: Cloud;
let place: Place;

beforeAll(async () => {
  cloud = await startCloud({ instances: [{ count: 2 }] });
  place = makePlace({ endpoint: cloud.endpoint });
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

async function connect(command: 'serve' | 'companion' = 'serve'): Promise<Wire> {
  const child = place.start([command]);
  onTestFinished(() => stop(child));
  const received: Message[] = [];
  let stderr = '';
  const arrivals = new EventEmitter().setMaxListeners(0);
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  createInterface({ input: child.stdout! }).on('line', (line) => {
    received.push(JSON.parse(line));
    arrivals.emit('message');
  });
  const wire: Wire = {
    child,
    received,
    stderr: () => stderr,
    write: (text) => void child.stdin!.write(text),
    send: (message) => wire.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`),
    async answer(id) {
      for (;;) {
        const found = received.find((message) => message.id === id && message.method === undefined);
        if (found) return found;
        await once(arrivals, 'message');
      }
    },
    call(id, name, args = {}) {
      wire.send({ id, method: 'tools/call', params: { name, arguments: args } });
      return wire.answer(id);
    },
  };
  wire.send({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'wire', version: '1' } },
  });
  expect((await wire.answer(0)).result).toMatchObject({ protocolVersion: '2025-06-18' });
  wire.send({ method: 'notifications/initialized' });
  return wire;
}

describe('the server answers on, after', () => {
  test.each(['serve', 'companion'] as const)('lines that are not JSON, or not JSON-RPC (%s)', async (command) => {
    const wire = await connect(command);
    for (const line of [
      '{',
      'hello',
      '[]',
      '[1,2]',
      'null',
      '42',
      '""',
      '{"jsonrpc":"1.0","id":7,"method":"ping"}',
      '',
      '\u0000\u001b[2J',
    ])
      wire.write(`${line}\n`);
    wire.write(Buffer.from([0xff, 0xfe, 0x0a]).toString('latin1'));
    wire.send({ id: 1, method: 'ping' });
    expect(await wire.answer(1)).toMatchObject({ result: {} });
    expect(wire.received.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true);
    expect(wire.child.exitCode).toBeNull();
  });

  test('methods that there are not, among them every one that could decide', async () => {
    const wire = await connect();
    const methods = [
      'tickets/approve',
      'approvals/decide',
      'elicitation/create',
      'sampling/createMessage',
      'prompts/list',
      'constructor',
      '__proto__',
    ];
    for (const [index, method] of methods.entries()) {
      wire.send({ id: index + 1, method, params: { ticket_id: 'tkt_00000000000000000000', decision: 'approve' } });
      expect((await wire.answer(index + 1)).error, method).toMatchObject({ code: -32601 });
    }
    // Notifications have no answer; neither has an answer to a question that was never asked.
    wire.send({ method: 'notifications/approved', params: { ticket_id: 'tkt_00000000000000000000' } });
    wire.send({ id: 'elicitation-1', result: { action: 'accept', content: { approve: true } } });
    wire.send({ id: 99, method: 'ping' });
    expect(await wire.answer(99)).toMatchObject({ result: {} });
    expect(wire.received.map(({ id }) => id)).not.toContain('elicitation-1');
  });

  test('arguments of every wrong shape', async () => {
    const wire = await connect();
    const wrong: unknown[] = [null, 'text', 7, [], { arguments: { __proto__: {} } }, { constructor: 1 }];
    for (const [index, value] of wrong.entries()) {
      wire.send({ id: index + 1, method: 'tools/call', params: { name: 'ec2_describe_instances', arguments: value } });
      const { result, error } = await wire.answer(index + 1);
      expect(error !== undefined || result?.isError === true || value === null, JSON.stringify(value)).toBe(true);
    }
    wire.send({ id: 50, method: 'tools/call', params: {} });
    expect((await wire.answer(50)).error).toMatchObject({ code: -32602 });
    wire.send({ id: 51, method: 'tools/call' });
    expect((await wire.answer(51)).error).toMatchObject({ code: -32602 });
    expect((await wire.call(52, 'ec2_describe_instances')).result.structuredContent.instances).toHaveLength(2);
  });

  test('very large arguments', async () => {
    const wire = await connect();
    const reason = 'x'.repeat(4_000_000);
    const large = await wire.call(1, 'ec2_stop_instances', { instance_ids: ['i-0123456789abcdef0'], reason });
    expect(large.result).toMatchObject({ isError: true, structuredContent: { refusal: { code: 'invalid_input' } } });
    expect(JSON.stringify(large).length).toBeLessThan(10_000);
    const unknown = await wire.call(2, 'n'.repeat(1_000_000));
    expect(unknown.result).toMatchObject({ isError: true, structuredContent: { refusal: { code: 'unknown_tool' } } });
    expect(JSON.stringify(unknown).length).toBeLessThan(10_000);
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    wire.write(
      `{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"ec2_describe_instances","arguments":${deep}}}\n`,
    );
    expect((await wire.answer(3)).result).toMatchObject({ structuredContent: { refusal: { code: 'invalid_input' } } });
    expect((await wire.call(4, 'ec2_describe_instances')).result.structuredContent.instances).toHaveLength(2);
  });
});

test('100 calls at once are answered, each with its own answer, and each is in the log', async () => {
  const wire = await connect();
  const { result } = await wire.call(1, 'ec2_describe_instances');
  const [first, second] = result.structuredContent.instances.map((one) => one.instance_id);
  const before = ((await place.json(['audit', 'list', '--limit', '10000'])) as unknown[]).length;
  const calls = Array.from({ length: 100 }, (_, index) => {
    const instance = index % 2 === 0 ? first : second;
    if (index % 10 === 9)
      return wire.call(100 + index, 'ec2_terminate_instances', { instance_ids: [instance], reason: REASON });
    return wire.call(100 + index, 'ec2_describe_instances', { instance_ids: [instance] });
  });
  const answers = await Promise.all(calls);
  const tickets = new Set<string>();
  for (const [index, { id, result: answer }] of answers.entries()) {
    expect(id).toBe(100 + index);
    if (index % 10 !== 9)
      expect(answer.structuredContent.instances).toMatchObject([{ instance_id: index % 2 === 0 ? first : second }]);
    else {
      expect(answer.structuredContent).toMatchObject({ outcome: 'pending_approval' });
      tickets.add(answer.structuredContent.ticket.id);
    }
  }
  // The same call again, also in the same moment, is the same ticket.
  expect(tickets.size).toBe(1);
  const after = ((await place.json(['audit', 'list', '--limit', '10000'])) as unknown[]).length;
  expect(after - before).toBe(100);
  expect(await place.cli(['audit', 'verify'])).toMatchObject({ code: 0 });
});

test('arguments that would be swallowed, or that no request can carry, are refused and logged', async () => {
  const wire = await connect();
  const before = (await place.json(['audit', 'list', '--type', 'call.rejected'])).length;
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const hostile = ['{"tags":{"__proto__":"x"}}', '{"tags":{"a":"\\ud800"}}', `{"instance_ids":${deep}}`];
  for (const [index, args] of hostile.entries()) {
    wire.write(
      `{"jsonrpc":"2.0","id":${index + 1},"method":"tools/call","params":{"name":"ec2_describe_instances","arguments":${args}}}\n`,
    );
    const { result } = await wire.answer(index + 1);
    expect(result, args.slice(0, 60)).toMatchObject({ structuredContent: { refusal: { code: 'invalid_input' } } });
  }
  expect(await place.json(['audit', 'list', '--type', 'call.rejected'])).toHaveLength(before + hostile.length);
});

test('resources that are not there, or are another name for one, are not found, and logged', async () => {
  const wire = await connect();
  const before = (await place.json(['audit', 'list', '--type', 'call.rejected'])).length;
  const uris = ['', 'tkt_', '%', 'tkt_00000000000000000000', '../tickets/tkt_00000000000000000000'];
  for (const [index, id] of uris.entries()) {
    wire.send({ id: index + 1, method: 'resources/read', params: { uri: `holdshort://tickets/${id}` } });
    expect((await wire.answer(index + 1)).error, id).toMatchObject({ code: -32602 });
  }
  expect(await place.json(['audit', 'list', '--type', 'call.rejected'])).toHaveLength(before + uris.length);
});

test.each(['serve', 'companion'] as const)(
  'a message that no transport takes is answered, and the process goes on (%s)',
  async (command) => {
    const wire = await connect(command);
    wire.write(`${'x'.repeat(11_000_000)}\n`);
    expect((await wire.answer(null)).error).toMatchObject({ code: -32_600 });
    wire.send({ id: 1, method: 'ping' });
    expect((await wire.answer(1)).result).toEqual({});
    expect(wire.child.exitCode).toBe(null);
  },
);

describe('the process ends by itself, with 0,', () => {
  const ended = async ({ child }: Wire) => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    // A process that was reaped is gone for the system too.
    expect(() => process.kill(child.pid!, 0)).toThrow('ESRCH');
    return { code: child.exitCode, signal: child.signalCode };
  };

  test.each(['serve', 'companion'] as const)('when its input ends (%s)', async (command) => {
    const wire = await connect(command);
    wire.child.stdin!.end();
    expect(await ended(wire)).toEqual({ code: 0, signal: null });
  });

  test('when its input ends in the middle of a read', async () => {
    const wire = await connect();
    await cloud.fault({ action: 'DescribeInstances', mode: 'hold_before', ms: 1_000 });
    const asked = (await cloud.requests('DescribeInstances')).length;
    wire.send({ id: 1, method: 'tools/call', params: { name: 'ec2_describe_instances', arguments: {} } });
    await cloud.arrived('DescribeInstances', asked + 1);
    wire.child.stdin!.end();
    expect(await ended(wire)).toEqual({ code: 0, signal: null });
    expect(wire.stderr()).not.toMatch(/"level":[56]0|Unhandled|^\s+at /m);
  });

  test('when its input ends while it waits for a ticket', async () => {
    const wire = await connect();
    const { result } = await wire.call(1, 'ec2_describe_instances');
    const { instance_id } = result.structuredContent.instances[0]!;
    const held = await wire.call(2, 'ec2_stop_instances', { instance_ids: [instance_id], reason: REASON });
    const params = {
      name: 'ticket_wait',
      arguments: { ticket_id: held.result.structuredContent.ticket.id, timeout_seconds: 50 },
      _meta: { progressToken: 'waiting' },
    };
    wire.send({ id: 3, method: 'tools/call', params });
    while (!wire.received.some(({ method }) => method === 'notifications/progress'))
      await once(wire.child.stdout!, 'data');
    wire.child.stdin!.end();
    expect(await ended(wire)).toEqual({ code: 0, signal: null });
    expect(wire.stderr()).not.toMatch(/"level":[56]0|Unhandled|^\s+at /m);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('on %s', async (signal) => {
    const wire = await connect();
    wire.child.kill(signal);
    expect(await ended(wire)).toEqual({ code: 0, signal: null });
  });

  test.each(['serve', 'companion'] as const)(
    'when the client died and nobody reads its output (%s)',
    async (command) => {
      const wire = await connect(command);
      wire.child.stdout!.destroy();
      wire.send({ id: 1, method: 'tools/list' });
      expect(await ended(wire)).toEqual({ code: 0, signal: null });
    },
  );
});
