import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { approve, deny } from '../../../approvals/cli/decide.ts';
import { readPinned } from '../../../approvals/keys/pinned.ts';
import { oneAccount } from '../../../src/aws/accounts.ts';
import { createAws } from '../../../src/aws/index.ts';
import { executedTickets } from '../../../src/commands/executed.ts';
import { actionsOf } from '../../../src/commands/installation.ts';
import { enrolledHere } from '../../../src/commands/operator.ts';
import { liveConfig } from '../../../src/config/live.ts';
import { loadConfig } from '../../../src/config.ts';
import { type Executor, startExecutor } from '../../../src/executor/executor.ts';
import { sha256 } from '../../../src/kernel/digest.ts';
import { kitFolder } from '../../../src/kits/folder.ts';
import { loadPolicy } from '../../../src/policy/load.ts';
import { answerCall } from '../../../src/server/calls.ts';
import { QUIET } from '../../../src/telemetry/telemetry.ts';
import { TOOLS } from '../../../tools/index.ts';
import { schemaDigestOf } from '../../../tools/schema.ts';
import { type Cloud, startCloud } from '../../scenes/cloud.ts';
import { KEY_IN_PRODUCTION } from '../../scenes/front-door.ts';
import { type Installation, openInstallation } from '../../scenes/installation.ts';
import { NO_LOGINS } from '../../scenes/logins.ts';
import { type Book, ledgerTools, startLedger } from './service.ts';

/*
 * A tool of a service that nothing else in the repository has heard of goes the whole way. Were a line needed
 * elsewhere, this couldn't pass with files under test/ alone.
 */

const CONFIG = 'environments:\n  - name: sandbox\n    match: { book_names: ["try-*"] }\n';
const REASON = 'The year is over and the auditors want the book closed.';
let cloud: Cloud;
let ledger: Awaited<ReturnType<typeof startLedger>>;
let books: Record<string, Book>;
let installation: Installation;
let executor: Executor;
let noa: ReturnType<Installation['context']>;
let call: (name: string, args: object) => Promise<any>;

beforeEach(async () => {
  books = { year: { open: true, drafts: [] }, 'try-out': { open: true, drafts: [] } };
  ledger = await startLedger(books);
  cloud = await startCloud({}, { latencyMs: 0 });
  const tools = [...TOOLS, ...ledgerTools(ledger.url)];
  installation = await openInstallation({ policy: KEY_IN_PRODUCTION });
  await installation.enroll('noa', 'mara');
  const { store, keysDir } = installation;
  const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'testing' };
  const aws = createAws({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials });
  const engine = await loadPolicy({ source: 'a test', text: KEY_IN_PRODUCTION, actions: actionsOf(tools) });
  const policy = async () => engine;
  const file = join(installation.home, 'config.yaml');
  writeFileSync(file, CONFIG);
  const listed = tools.map((tool) => ({ ...tool, names: (tool.kind === 'change' && tool.names) || [] }));
  const place = { file, env: {}, tools: listed };
  const rules = liveConfig(await loadConfig(place), place);
  noa = { ...installation.context('noa'), policy, rules };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const server = {
    ...{ agent: 'claude', operator: 'ann', session: 's1', software: 'holdshort/0.1.0', command: 'holdshort' },
    ...{
      tools,
      accounts: oneAccount(aws),
      policy,
      rules,
      log,
      store: store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }),
    },
    hideSecret: () => 'hidden',
    enrolled: enrolledHere(
      { config: { keysDir }, makers: async () => [] },
      store.forAgent({ agent: 'claude', operator: 'ann', session: 's1' }),
    ),
    newTicketBytes: () => randomBytes(20),
    telemetry: QUIET,
  };
  call = async (name, args) => {
    const answer = await answerCall(server as never, {
      ...{ name, arguments: args, signal: new AbortController().signal, progress: () => {}, opened: Promise.resolve() },
    });
    return answer.data;
  };
  const toolOf = (name: string) => {
    const tool = tools.find((known) => known.name === name);
    return tool?.kind === 'change' ? { tool, schema: schemaDigestOf(tool) } : undefined;
  };
  executor = startExecutor({
    ...{
      id: 'exe_1',
      regions: [],
      store: store.forExecutor('exe_1'),
      awsOf: async () => aws,
      toolOf,
      policy,
      rules,
      log,
    },
    lanes: { enter: async () => true, leave: () => undefined },
    pinned: () => readPinned(keysDir),
    executed: executedTickets(keysDir),
    kits: kitFolder({ folder: join(keysDir, '..', 'kits'), keyFile: join(keysDir, 'recovery.key'), readers: [] }),
    makers: async () => [],
    logins: NO_LOGINS.logins,
    telemetry: QUIET,
  });
});
afterEach(async () => {
  await executor.stop();
  await cloud[Symbol.asyncDispose]();
  ledger.close();
});

const ticketOf = async (id: string) => await installation.store.forApprover().ticket(id as never);

async function until(what: () => Promise<boolean>): Promise<void> {
  const approver = installation.store.forApprover();
  while (!(await what())) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 100);
      const stop = approver.watch(() => {
        clearTimeout(timer);
        stop();
        resolve();
      });
    });
  }
}

test('a change of a made-up service is planned, held, approved, run once and observed', async () => {
  expect(await call('ledger_list_books', {})).toEqual({ books: ['year', 'try-out'] });
  const { outcome, ticket } = await call('ledger_close_book', {
    book: 'year',
    memo: 'not for the log',
    reason: REASON,
  });
  expect(outcome).toBe('pending_approval');
  expect(books.year).toEqual({ open: true, drafts: [`draft-${ticket.id}`] });
  const held = await ticketOf(ticket.id);
  expect(held.plan?.bytes).toContain('"environment":"production"');
  await approve(noa, ticket.id, { yes: true, digest: held.plan?.digest });
  await until(async () => (await ticketOf(ticket.id)).state === 'succeeded');
  expect(books.year).toMatchObject({ open: false });
  expect(ledger.sent.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  expect(JSON.stringify(await installation.events())).not.toContain('not for the log');
});

test('what planning left for a ticket that was denied is removed, by the names that the tool gave it', async () => {
  const { ticket } = await call('ledger_close_book', { book: 'year', reason: REASON });
  const { plan } = await ticketOf(ticket.id);
  await deny(noa, ticket.id, { yes: true, digest: plan?.digest, reason: 'not this year' });
  await until(async () => books.year?.drafts.length === 0);
  await until(async () => (await installation.events()).some(({ type }) => type === 'aws.removed'));
  expect(books.year).toEqual({ open: true, drafts: [] });
  const events = await installation.events();
  expect(events.find(({ type }) => type === 'aws.requested')?.detail).toMatchObject({ request: 'CreateDraft' });
});

test('what one call of it deletes and the next makes again is held as a replacement, in the words of its tools', async () => {
  const closing = await call('ledger_close_book', { book: 'year', reason: REASON });
  const { plan } = await ticketOf(closing.ticket.id);
  await approve(noa, closing.ticket.id, { yes: true, digest: plan?.digest });
  await until(async () => (await ticketOf(closing.ticket.id)).state === 'succeeded');
  const { outcome, plan: opening } = await call('ledger_open_book', { book: 'year', reason: REASON });
  expect([outcome, opening.summary]).toEqual(['pending_approval', 'delete and recreate year: open book year']);
  const [first] = opening.impact;
  expect(first).toMatchObject({ resource: 'year', effect: 'replace' });
  expect(first.detail).toMatch(/^delete and recreate: agent claude deleted this book at .* UTC \(tkt_\w+\)/);
});

test('the log keeps of an argument what its tool says, and of one that it says nothing of only that it was given', async () => {
  await call('ledger_list_books', { shelf: 'third floor', region: 'eu-west-1' });
  Object.assign(books.year ?? {}, { open: false });
  await call('ledger_close_book', { book: 'year', memo: 'not for the log', reason: REASON });
  const kept = (await installation.events()).map(({ detail }) => detail.arguments).filter(Boolean);
  expect(kept).toEqual([
    { shelf: '[hidden:secret]', region: 'eu-west-1' },
    { book: 'year', memo_sha256: sha256('not for the log'), reason: REASON },
  ]);
});

test('a rule of environments finds it by its own kind of name', async () => {
  const { ticket } = await call('ledger_close_book', { book: 'try-out', reason: REASON });
  expect((await ticketOf(ticket.id)).plan?.bytes).toContain('"environment":"sandbox"');
});

test('where no tool has that kind of name, a rule about it is a misspelt key', async () => {
  const file = join(installation.home, 'config.yaml');
  await expect(loadConfig({ file, env: {} })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('unknown key environments[0].match.book_names'),
  });
});
