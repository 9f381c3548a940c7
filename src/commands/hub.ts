import { dirname, resolve } from 'node:path';
import { companionOverHttp } from '../../approvals/server.ts';
import { pageApp } from '../../approvals/web/app.ts';
import { type Accounts, onlyGranted } from '../aws/accounts.ts';
import { companionsIn } from '../config/hub.ts';
import { tlsOf } from '../config/tls.ts';
import { hubApp } from '../hub/app.ts';
import { limitsBy, pageLimits } from '../hub/limits.ts';
import { serveHub } from '../hub/server.ts';
import { sessionsOf } from '../hub/sessions.ts';
import { issuerAt } from '../issuer/issuer.ts';
import { operatorFor } from '../kernel/bindings.ts';
import { INSTALLED_NAME } from '../kernel/command-name.ts';
import { HoldshortError } from '../kernel/errors.ts';
import { type CommandResult, EXIT } from '../present/command-result.ts';
import { serveAgentOverHttp } from '../server/http.ts';
import { accountsOf, tellOfAccounts, UNTOLD } from './accounts.ts';
import { requireAnchor } from './anchor-needed.ts';
import { endUnread } from './closed-streams.ts';
import { companionsContextOf } from './companions.ts';
import { tellOfCredentials } from './hub-credentials.ts';
import type { Installation } from './installation.ts';
import { enrolledHere } from './operator.ts';
import { pageContextOf } from './page.ts';
import { missingKeys } from './secret-keys.ts';
import { contextOf } from './serve.ts';

/** A call answers within 45 seconds; what takes longer than this has broken off. */
const PATIENCE_MS = 50_000;

/** Who reads what is to be typed isn't on this machine: how this process was started is nothing to them. */
const THERE = { command: INSTALLED_NAME };

/** The agents' server over HTTP, for all whose tokens the configuration names, and people's page; until stopped. */
export async function runHub(
  installation: Installation,
  { executor: withExecutor }: { readonly executor: boolean },
): Promise<CommandResult> {
  const { config, log, rules } = installation;
  const { hub, configFile } = config;
  if (!hub || configFile === undefined)
    throw new HoldshortError('usage', 'no hub is configured', 'add hub: to the configuration; docs/teams.md has one');
  if (withExecutor) requireAnchor(installation);
  const madeHere = missingKeys(config, [
    'links.key',
    'secrets.key',
    ...(hub.companions ? ['companion.key' as const] : []),
  ]);
  const all = accountsOf(installation);
  const limits = limitsBy(() => performance.now());
  // Agents, however many, keep nobody from deciding.
  const peoples = limitsBy(() => performance.now());
  const companions = { ...companionsContextOf(installation), ...THERE };
  const looking = pageLimits(() => performance.now());
  const page = pageApp({
    ...pageContextOf(installation),
    ...THERE,
    ...(hub.companions && { chatKeys: companions.keys }),
    links: installation.pageLinks(hub.url),
    enter: looking.enter,
  });
  const keysOf = issuerAt(hub.issuer, () => performance.now());
  const probe = installation.store.forApprover();
  let ending = false;
  const enrolled = enrolledHere(installation, probe);
  // Who may decide is read too: without `keys/root.json` no agent is answered. For anyone who asks, once a second.
  let looked = { at: Number.NEGATIVE_INFINITY, ready: Promise.resolve(false) };
  const { nowReady, unready } = readiness(log);
  const storeReady = () => {
    const at = performance.now();
    if (at - looked.at >= 1_000) looked = { at, ready: enrolled().then(nowReady, unready) };
    return looked.ready;
  };
  const sessions = sessionsOf(async ({ agent, operator, session, identity, accounts: granted }) => {
    const store = installation.store.forAgent({ agent, operator, session });
    const options = { agent, operator, toolsets: undefined, readOnly: false };
    const context = await contextOf(installation, { session, store, accounts: onlyGranted(all, granted) }, options);
    return serveAgentOverHttp({ ...context, ...THERE, identity, enrolled });
  });
  const app = hubApp({
    url: hub.url,
    issuer: hub.issuer,
    keysOf,
    limits,
    peoples,
    log,
    // Read again when the file changes, so that a rule that is taken out holds without a restart.
    rules: async () => {
      const { hub: current } = await rules();
      return { agents: current?.agents ?? [], scope: current?.scope, companions: companionsIn(current) };
    },
    // By this process's clock: what a token says of its time it says of its issuer's, and no stored time is compared.
    now: () => new Date(),
    serving: async (caller) => {
      const registry = await enrolled();
      const served = await sessions.of({ ...caller, operator: operatorFor(registry, caller.identity) });
      return served.answering(registry);
    },
    storeReady,
    companion: ({ identity }) => companionOverHttp(companions, identity),
    page: page.fetch,
    ending: () => ending,
  });
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(hub.listen) ?? [];
  const tls = tlsOf(hub, (path) => resolve(dirname(configFile), path), new Date());
  for (const why of tls?.doubts ?? []) log.warn({ why }, 'clients refuse the certificate of hub.tls');
  const served = await serveHub(app, {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port),
    tls,
    proxies: hub.trusted_proxies ?? [],
  });
  const executing = withExecutor ? await startExecutor(installation, all) : undefined;
  // A host that was there before the first entry has seen all of the log: a later one needs an admin's word for it.
  const unseen = await installation.headProblem();
  if (unseen) log.warn({ err: unseen }, 'on the page of this hub nothing can be decided');
  if (madeHere.length > 0)
    log.warn(
      { keys: madeHere },
      'keys that this hub makes for itself now: each other hub needs the same, or knows no link and no question of this one',
    );
  tellOfCredentials(installation, all, withExecutor);
  tellOfAccounts(installation, all).catch((error) => log.warn({ err: error }, UNTOLD));
  log.info({ listening: served.address, resource: `${hub.url}/mcp`, issuer: hub.issuer }, 'the hub serves agents');
  await new Promise<void>((stopped) => {
    process.once('SIGINT', () => stopped());
    process.once('SIGTERM', () => stopped());
  });
  ending = true;
  await served.drain(() => limits.underWay() + peoples.underWay() + looking.underWay(), PATIENCE_MS, sessions.close);
  await executing?.notifier?.stop();
  await executing?.executor.stop();
  endUnread();
  return { data: {}, text: '', exit: EXIT.done };
}

async function startExecutor(installation: Installation, accounts: Accounts) {
  const [{ executorFor }, { notifierFor }] = await Promise.all([import('./executor.ts'), import('./notifier.ts')]);
  return { executor: await executorFor(installation, accounts), notifier: notifierFor(installation) };
}

/** A balancer asks every second: what is wrong is said once, until something else is. */
function readiness(log: Installation['log']) {
  let said: string | undefined;
  return {
    nowReady(): true {
      if (said !== undefined) log.info('ready again');
      said = undefined;
      return true;
    },
    unready(error: unknown): false {
      const why = error instanceof Error ? error.message : String(error);
      if (why !== said) log.warn({ err: error }, 'not ready: the store, or who may decide, can not be read');
      said = why;
      return false;
    },
  };
}
