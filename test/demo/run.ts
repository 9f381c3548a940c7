/**
 * `npm run demo:team`: a team, with nothing played that could be real: PostgreSQL, a certified issuer, two hubs, two
 * executors, an agent with a token, and a person with a passkey in a browser. Only the cloud is the embedded one, and
 * the passkey's authenticator the browser's own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Teller, teller } from '../../src/commands/demo/teller.ts';
import { addAuthenticator, type Browser, startBrowser, type Tab } from '../scenes/browser.ts';
import { NO_CHROMIUM } from '../scenes/chromium.ts';
import { until } from '../scenes/front-door.ts';
import { type Agent, startAgent } from './agent.ts';
import { type Host, type Stage, setStage } from './stage.ts';

const READER = fileURLToPath(new URL('./reader-process.ts', import.meta.url));
const REASON = 'The old web server is replaced; nothing points at it any more.';

const tell = teller(process.stdout.isTTY === true && !process.env.NO_COLOR, 'npm run demo:team');
let stage: Stage | undefined;
let browser: Browser | undefined;
try {
  browser = await startBrowser();
  if (!browser) throw new Error(NO_CHROMIUM);
  stage = await setStage();
  await play(stage, browser);
} finally {
  await browser?.close();
  await stage?.close();
}
const failures = tell.failures();
console.log(failures.length === 0 ? '\nAll of it came out as told.' : `\n${failures.length} of it did not.`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function play(set: Stage, chromium: Browser): Promise<void> {
  tell.chapter('Holdshort for a team: the gate stands where the agent is not');
  tell.holdshort(
    `PostgreSQL, an issuer (${set.issuer.issuer}), two hubs behind ${set.between.url}, two executors. The cloud is the embedded one.`,
  );
  tell.holdshort(
    set.oneUser === undefined
      ? `Hubs, executors and the agent have an OS user each: ${[set.hubs[0], set.executors[0], set.agent].map((host) => host?.user).join(', ')}.`
      : `SKIPPED: an OS user for each of them (${set.oneUser}). All of them run as yours, so who may read what is not shown.`,
  );
  const approver = await people(set, chromium);
  const { agent, person } = await logIn(set, chromium);
  surroundings(tell, set, agent);
  const ticket = await held(agent);
  await decided(set, agent, ticket, approver);
  await person.close();
  await told(set, ticket.id);
}

async function people({ desk, hubs, executors, issuer, ...set }: Stage, chromium: Browser): Promise<Tab> {
  await set.startHubs();
  await set.startExecutors();
  tell.chapter('1  Who may decide');
  const admin = ['--as', 'noa'];
  await desk.cli('approvers', 'enroll', 'noa', '--no-passphrase');
  await desk.cli('approvers', 'enroll', 'mara', '--no-passphrase', ...admin);
  const root = (await desk.cli('approvers', 'root')).trim();
  for (const host of [...hubs, ...executors]) await host.cli('approvers', 'root', '--pin', root);
  tell.person('noa is the first approver. Her key is pinned on every hub and executor.');
  issuer.people.set('mara', { sub: 'mara-4711', groups: ['payments'] });
  await desk.cli('approvers', 'bind', 'mara', `--issuer=${issuer.issuer}`, '--subject=mara-4711', ...admin);
  tell.person("noa signs that the issuer's login mara-4711 is mara, for whom an agent will work.");
  const printed = await hubs[0]!.cli('web');
  const [, enrolling = ''] = printed.match(/http:\S+/g) ?? [];
  const tab = await chromium.tab();
  await addAuthenticator(tab);
  await tab.goto(enrolling);
  await tab.fill('#name', 'ida');
  await tab.click('form[data-registers] button');
  await tab.until(`document.querySelector('.fingerprint')`);
  const key = (await tab.text('.fingerprint')).trim();
  await desk.cli('approvers', 'enroll', 'ida', '--key', key, '--yes', ...admin);
  tell.person(`ida registers a passkey on the hub's page; noa enrolls it by its fingerprint, ${key}.`);
  return tab;
}

async function logIn(set: Stage, chromium: Browser): Promise<{ agent: Agent; person: Tab }> {
  tell.chapter('2  An agent over HTTP, with a token');
  const person = await chromium.tab();
  const resource = `${set.between.url}/mcp`;
  const agent = await startAgent(set.agent, resource, async (address) => {
    tell.agent(`was given ${resource} and nothing else. It is sent to the issuer, and sends mara there.`);
    await person.goto(address);
    await person.fill('input[name=login]', 'mara');
    await person.click('button');
    await person.until(`document.body.innerText.includes('May this client act for you?')`);
    await person.click('button');
    await person.until(`document.body.innerText.includes('You are logged in')`);
    tell.person('mara logs in at the issuer, in a browser.');
  });
  tell.expect('the agent found the issuer by the hub', agent.found === set.issuer.issuer);
  tell.agent(`has ${agent.tools.length} tools.`);
  return { agent, person };
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
    ['The agent', set.agent, "hubs', executors' and people's", Object.values(theirs).flat()],
  ];
  for (const [who, host, whose, files] of tries) {
    const readable = readableBy(host, files);
    told.holdshort(`${who} can read ${readable.length} of ${whose} ${files.length} files.`);
    told.expect(`${who} can read none of ${whose} files`, readable.length === 0 && files.length > 0);
  }
  // Or nothing could be read by anybody, and this would show nothing.
  told.expect('a hub reads its own files', readableBy(set.hubs[0]!, of([set.hubs[0]!])).length > 0);
}

async function held(agent: Agent): Promise<{ id: string; review_url: string; instance: string }> {
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

async function decided(
  set: Stage,
  agent: Agent,
  { id, review_url, instance }: { id: string; review_url: string; instance: string },
  approver: Tab,
): Promise<void> {
  tell.chapter('5  Decided with a passkey, executed once');
  await approver.goto(review_url);
  tell.person(
    `ida opens the ticket's link on the hub's page: ${(await approver.text('h1')).replace(/\s+/g, ' ').trim()}`,
  );
  await approver.click('button[value=approve]');
  await approver.until(`document.body.innerText.includes('Approved')`);
  tell.person('ida approves, with her passkey.');
  const { ticket } = await until(
    () => agent.call('ticket_wait', { ticket_id: id, timeout_seconds: 30 }),
    (answer) => answer.ticket?.state !== 'approved' && answer.ticket?.state !== 'executing',
  );
  const requests = await set.cloud.requests('TerminateInstances');
  const who = requests.map(({ user_identity: by }) => by?.accessKeyId);
  tell.holdshort(
    `${id} is ${ticket?.state}. AWS got ${requests.length} request to terminate ${instance}, with the credential of ${who.join(', ')}.`,
  );
  tell.expect('executed once', ticket?.state === 'succeeded' && requests.length === 1);
  tell.expect('executed by an executor', /^EXECUTOR[12]$/.test(who[0] ?? ''));
  const taken = set.between.taken();
  tell.holdshort(`The hubs answered ${taken.join(' and ')} requests; it doesn't matter which.`);
  tell.expect('both hubs answered', Math.min(...taken) > 0);
}

async function told({ desk }: Stage, id: string): Promise<void> {
  tell.chapter('6  What the log says');
  const entries: { type: string; actor: string }[] = JSON.parse(
    await desk.cli('audit', 'list', '--ticket', id, '--json'),
  );
  console.log(entries.map(({ type, actor }) => `             ${type.padEnd(20)} ${actor}`).join('\n'));
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
