/**
 * `npm run demo:team`: a team, with nothing played that could be real: PostgreSQL, a certified issuer, two hubs, two
 * executors, an agent and a person's chat client with tokens, and people with passkeys and logins in browsers. Only the
 * cloud is the embedded one, and the passkeys' authenticators the browser's own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Teller, teller } from '../../src/commands/demo/teller.ts';
import { type Browser, startBrowser, type Tab } from '../scenes/browser.ts';
import { NO_CHROMIUM } from '../scenes/chromium.ts';
import { until } from '../scenes/front-door.ts';
import { type Agent, startAgent } from './agent.ts';
import { approve, logIn, register } from './people.ts';
import { type Host, type Stage, setStage } from './stage.ts';

const READER = fileURLToPath(new URL('./reader-process.ts', import.meta.url));
const REASON = 'The old web server is replaced; nothing points at it any more.';

const tell = teller(process.stdout.isTTY === true && !process.env.NO_COLOR, 'npm run demo:team');
let stage: Stage | undefined;
let browser: Browser | undefined;
try {
  browser = await chromium();
  stage = await setStage();
  await play(stage, browser);
} finally {
  await browser?.close();
  await stage?.close();
}
const failures = tell.failures();
console.log(failures.length === 0 ? '\nAll of it came out as told.' : `\n${failures.length} of it did not.`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** @throws where there is none, saying why */
async function chromium(): Promise<Browser> {
  process.env.HOLDSHORT_REQUIRE_CHROMIUM = '1';
  try {
    const started = await startBrowser();
    if (started) return started;
  } catch (cause) {
    throw new Error(`${NO_CHROMIUM}: ${String(cause)}`, { cause });
  }
  throw new Error(NO_CHROMIUM);
}

async function play(set: Stage, opens: Browser): Promise<void> {
  tell.chapter('Holdshort for a team: the gate stands where the agent is not');
  tell.holdshort(
    `PostgreSQL, an issuer (${set.issuer.issuer}), two hubs behind ${set.between.url}, two executors. The cloud is the embedded one.`,
  );
  const users = [set.hubs[0], set.executors[0], set.agent, set.chat].map((host) => host?.user);
  tell.holdshort(
    set.oneUser === undefined
      ? `Hubs, executors, the agent and a person's chat client have an OS user each: ${users.join(', ')}.`
      : `SKIPPED: an OS user for each of them (${set.oneUser}). All of them run as yours, so who may read what is not shown.`,
  );
  const { ida, otto } = await people(set, opens);
  const agent = await agentOf(set, opens);
  surroundings(tell, set, agent);
  const ticket = await held(agent);
  await inChat(set, agent, ticket, opens);
  await withoutLogin(set, agent, ticket, otto);
  await decided(set, agent, ticket, ida);
  await told(set, ticket.id);
}

async function people({ desk, hubs, executors, issuer, ...set }: Stage, opens: Browser) {
  await set.startHubs();
  await set.startExecutors();
  tell.chapter('1  Who may decide');
  const admin = ['--as', 'noa'];
  await desk.cli('approvers', 'enroll', 'noa', '--no-passphrase');
  const root = (await desk.cli('approvers', 'root')).trim();
  for (const host of [...hubs, ...executors]) await host.cli('approvers', 'root', '--pin', root);
  tell.person('noa is the first approver. Her key is pinned on every hub and executor.');
  const printed = await hubs[0]!.cli('web');
  const [, enrolling = ''] = printed.match(/http:\S+/g) ?? [];
  const enrolled = async (name: string) => {
    const { tab, key } = await register(opens, enrolling, name);
    await desk.cli('approvers', 'enroll', name, '--key', key, '--yes', ...admin);
    return tab;
  };
  const [ida, otto] = [await enrolled('ida'), await enrolled('otto')];
  tell.person("ida and otto each register a passkey on the hub's page; noa enrolls them by their fingerprints.");
  await desk.cli('approvers', 'enroll', 'mara', '--no-passphrase', ...admin);
  for (const [name, sub] of [
    ['mara', 'mara-4711'],
    ['ida', 'ida-4712'],
    ['otto', 'otto-4713'],
  ] as const) {
    issuer.people.set(name, { sub, groups: ['payments'] });
    await desk.cli('approvers', 'bind', name, `--issuer=${issuer.issuer}`, `--subject=${sub}`, ...admin);
  }
  tell.person("noa signs whose login at the issuer is whose: mara's, for whom an agent will work, ida's and otto's.");
  return { ida, otto };
}

async function agentOf(set: Stage, opens: Browser): Promise<Agent> {
  tell.chapter('2  An agent over HTTP, with a token');
  const resource = `${set.between.url}/mcp`;
  const agent = await startAgent(set.agent, resource, async (address) => {
    tell.agent(`was given ${resource} and nothing else. It is sent to the issuer, and sends mara there.`);
    await inBrowser(opens, address, 'mara');
    tell.person('mara logs in at the issuer, in a browser.');
  });
  tell.expect('the agent found the issuer by the hub', agent.found === set.issuer.issuer);
  tell.agent(`has ${agent.tools.length} tools.`);
  return agent;
}

async function inBrowser(opens: Browser, address: string, name: string): Promise<void> {
  const tab = await opens.tab();
  await tab.goto(address);
  await logIn(tab, name);
  await tab.until(`document.body.innerText.includes('You are logged in')`);
  await tab.close();
}

function surroundings(told: Teller, set: Stage, agent: Agent): void {
  tell.chapter('3  What the agent has');
  const environment = Object.entries(agent.environment);
  console.log(environment.map(([name, value]) => `             ${name}=${value}`).join('\n'));
  const aws = environment.filter(([name]) => name.startsWith('AWS'));
  told.holdshort(`That is its whole environment: ${aws.length} variables of AWS.`);
  told.expect("no AWS variable in the agent's environment", aws.length === 0);
  const lines = commandLines();
  const shown = set.passwords.filter((password) => lines.includes(password));
  told.holdshort(
    `${set.passwords.length} passwords are in use. In the list of processes stand ${shown.length} of them.`,
  );
  told.expect('no password in the list of processes', shown.length === 0 && lines.includes('agent-process.ts'));
  if (set.oneUser !== undefined) return;
  const of = (hosts: readonly Host[]) => hosts.flatMap(({ home }) => filesIn(home));
  const theirs = { hubs: of(set.hubs), executors: of(set.executors), desk: of([set.desk]) };
  const tries: readonly [string, Host, string, readonly string[]][] = [
    ['An executor', set.executors[0]!, "the hubs'", theirs.hubs],
    ['A hub', set.hubs[0]!, "the executors'", theirs.executors],
    ['The agent', set.agent, "the hubs', executors' and people's", Object.values(theirs).flat()],
  ];
  for (const [who, host, whose, files] of tries) {
    const readable = readableBy(host, files);
    told.holdshort(`${who} can read ${readable.length} of ${whose} ${files.length} files.`);
    told.expect(`${who} can read none of ${whose} files`, readable.length === 0 && files.length > 0);
  }
  // Or nothing could be read by anybody, and this would show nothing.
  told.expect('a hub reads its own files', readableBy(set.hubs[0]!, of([set.hubs[0]!])).length > 0);
}

interface Ticket {
  readonly id: string;
  readonly review_url: string;
  readonly instance: string;
}

async function held(agent: Agent): Promise<Ticket> {
  tell.chapter('4  Held');
  const { instances } = await agent.call('ec2_describe_instances');
  const instance: string = instances[0].instance_id;
  tell.agent(`reads: ${instances.length} instances. It asks to terminate ${instance}.`);
  const answer = await agent.call('ec2_terminate_instances', { instance_ids: [instance], reason: REASON });
  const { id = '', state = '' } = answer.ticket ?? {};
  tell.holdshort(`HELD as ${id}: ${answer.plan?.summary}.`);
  tell.expect('the termination is held', answer.outcome === 'pending_approval' && state === 'pending');
  return { id, review_url: (answer.ticket as unknown as { review_url: string }).review_url, instance };
}

async function inChat(set: Stage, agent: Agent, { id, instance }: Ticket, opens: Browser): Promise<void> {
  tell.chapter("5  In a person's chat client");
  const resource = `${set.between.url}/companion/mcp`;
  const chat = await startAgent(set.chat, resource, (address) => inBrowser(opens, address, 'ida'));
  tell.person(`ida's chat client was given ${resource}, and she logged in. She asks it what waits:`);
  const text = await chat.text('approvals_list');
  const shown = text.split('\n').filter((line) => !line.startsWith('```'));
  console.log(shown.map((line) => `             ${line}`).join('\n'));
  tell.expect('the chat shows what waits', text.includes(id.slice(0, 12)));
  const asked = await chat.text('approvals_decide', { ticket_id: id, decision: 'approve' });
  const [first = ''] = asked.split('\n');
  tell.holdshort(`Asked to approve it there, it says: "${first}" and shows ida the ticket's link.`);
  tell.expect('the chat decides nothing', first.startsWith('Nothing was decided') && asked.includes(`/tickets/${id}`));
  tell.expect(
    'the chat shows what it is about',
    (await chat.text('approvals_show', { ticket_id: id })).includes(instance),
  );
  const status = await agent.knock(resource);
  tell.agent(`tries its own token there: ${status}.`);
  tell.expect("an agent's token is none for people's chat clients", status === 401);
}

async function stateOf(agent: Agent, id: string): Promise<string | undefined> {
  return (await agent.call('ticket_get', { ticket_id: id })).ticket?.state;
}

async function withoutLogin({ issuer }: Stage, agent: Agent, { id, review_url }: Ticket, otto: Tab): Promise<void> {
  tell.chapter('6  Who has left');
  issuer.people.delete('otto');
  tell.person(
    "otto leaves the company: the issuer knows him no more. Nobody thought of his passkey, and he has the ticket's link.",
  );
  const came = await approve(otto, review_url, 'otto');
  const page = (await otto.text('[role=alert]')).trim();
  tell.person(`otto approves with his passkey. The page sends him to log in, and the issuer says: "${page}"`);
  const state = await stateOf(agent, id);
  tell.holdshort(`Nothing was decided: the ticket is ${state}.`);
  tell.expect('who has left decides nothing', came === 'turned away' && state === 'pending');
  await otto.close();
}

async function decided(set: Stage, agent: Agent, { id, review_url, instance }: Ticket, ida: Tab): Promise<void> {
  tell.chapter('7  Decided with a passkey and a login, executed once');
  await ida.goto(review_url);
  tell.person(`ida opens the link. The page says: "${(await ida.text('.verdict')).trim()}"`);
  await approve(ida, review_url, 'ida');
  await ida.until(`document.body.innerText.includes('Approved')`);
  tell.person('ida approves with her passkey, and logs in at the issuer.');
  const { ticket } = await until(
    () => agent.call('ticket_wait', { ticket_id: id, timeout_seconds: 30 }),
    (answer) => answer.ticket?.state !== 'approved' && answer.ticket?.state !== 'executing',
  );
  const requests = await set.cloud.requests('TerminateInstances');
  const who = requests.map(({ user_identity: by }) => by?.accessKeyId);
  tell.holdshort(
    `The ticket has ${ticket?.state}. AWS got ${requests.length} request to terminate ${instance}, with the credential of ${who.join(', ')}.`,
  );
  tell.expect('executed once', ticket?.state === 'succeeded' && requests.length === 1);
  tell.expect('executed by an executor', /^EXECUTOR[12]$/.test(who[0] ?? ''));
  const taken = set.between.taken();
  tell.holdshort(`The hubs answered ${taken.join(' and ')} requests; it doesn't matter which.`);
  tell.expect('both hubs answered', Math.min(...taken) > 0);
}

async function told({ desk }: Stage, id: string): Promise<void> {
  tell.chapter('8  What the log says');
  const entries: { type: string; actor: string; detail: { login?: string } }[] = JSON.parse(
    await desk.cli('audit', 'list', '--ticket', id, '--json'),
  );
  const lineOf = ({ type, actor, detail }: (typeof entries)[number]) =>
    `             ${type.padEnd(20)} ${actor}${detail.login === undefined ? '' : ', with her login'}`;
  console.log(entries.map(lineOf).join('\n'));
  tell.expect('one decision, with a login', entries.filter(({ detail }) => detail.login !== undefined).length === 1);
  tell.holdshort((await desk.cli('audit', 'verify')).trim().split('\n')[0] ?? '');
}

/** Of every process of this machine. */
function commandLines(): string {
  if (!existsSync('/proc/self/cmdline'))
    return spawnSync('ps', ['-axww', '-o', 'command'], { encoding: 'utf8' }).stdout;
  const lineOf = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(lineOf)
    .join('\n');
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function readableBy({ user, env }: Host, files: readonly string[]): readonly string[] {
  const as = user === undefined ? {} : { uid: user, gid: user };
  const ran = spawnSync(process.execPath, [READER], { ...as, env, input: files.join('\n'), encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout.split('\n').filter(Boolean);
}
