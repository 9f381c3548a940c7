import { userInfo } from 'node:os';
import { join } from 'node:path';
import { readRoot } from '../../approvals/keys/root.ts';
import { linksOf, type PageLinks } from '../../approvals/web/links.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { Tool } from '../../tools/define.ts';
import { LISTED, type ListedTool } from '../../tools/listed.ts';
import { stampOf } from '../config/file-stamp.ts';
import { liveConfig } from '../config/live.ts';
import { readMakers } from '../config/makers.ts';
import { giveHome } from '../config/places.ts';
import { policySource } from '../config/policy-source.ts';
import { openStateDir } from '../config/state-dir.ts';
import { type Config, loadConfig } from '../config.ts';
import type { Makers } from '../kernel/attestation.ts';
import { secretDigest } from '../kernel/digest.ts';
import { HoldshortError } from '../kernel/errors.ts';
import type { NoticeKind } from '../kernel/notice.ts';
import { type KitFolder, kitFolder } from '../kits/folder.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { PolicyAction } from '../policy/schema.ts';
import { type AnchorFolder, anchorIn } from '../store/anchor/anchor.ts';
import type { Store } from '../store/port.ts';
import { connectionTo } from '../store/postgres/address.ts';
import { openPostgresStore } from '../store/postgres/store.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { type Log, lazyLog } from './log.ts';
import { type LoginsHere, loginsOf } from './logins.ts';
import { secretKeyIn } from './secret-keys.ts';
import { type Chosen, startedAs } from './started.ts';
import { stepsLogged } from './steps-logged.ts';
import { storeAddress } from './store-address.ts';
import { telemetryHere } from './telemetry.ts';

export const SOFTWARE = `holdshort/${packageJson.version}`;

/** What every command starts from. Nothing in it touches the disk, but for the configuration, until it is used. */
export interface Installation {
  /** The configuration as it was at the start: it says where everything is. */
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly osUser: string;
  /** How this program was started, to be typed by people. */
  readonly command: string;
  /** Is this about the embedded cloud? */
  readonly sandbox: boolean;
  readonly log: Log;
  /** Traces and metrics, where this process was started with an SDK for them. */
  readonly telemetry: Telemetry;
  /** Everything that an agent of it can ask for; loaded when first asked for. */
  readonly tools: () => Promise<readonly Tool[]>;
  /** What all hosts of the store share outside of it; undefined where none is named. */
  readonly anchor: AnchorFolder | undefined;
  /** The database that several hosts share; undefined for the file in the state folder. */
  readonly storeAddress: string | undefined;
  /** Opened, and its folder made and checked, when first asked for. */
  readonly store: Store;
  /** Why nothing runs, where the log isn't the one that was seen here; asked of no store that wasn't opened. */
  headProblem(): Promise<HoldshortError | undefined>;
  close(): Promise<void>;
  /** The configuration as it is on disk now, for what decisions rest on. @throws config_invalid */
  readonly rules: () => Promise<Config>;
  /**
   * The policy as it is on disk now; parsed again only when the file changed.
   * @throws policy_invalid, config_invalid
   */
  readonly policy: () => Promise<PolicyEngine>;
  /** The makers of authenticators who are believed now. @throws config_invalid */
  readonly makers: () => Promise<Makers>;
  /** What is asked of people's logins, those that came with approvals, and how one is had. */
  readonly logins: LoginsHere;
  /** What was kept of what tickets changed. */
  readonly kits: KitFolder;
  readonly hideSecret: (secret: string) => string;
  /** Makes and knows the addresses of the approval page, wherever that is. */
  readonly pageLinks: (origin: string) => PageLinks;
  /** Seals what pages ask, and whatever else processes with the same `keys/links.key` answer for one another. */
  readonly pageKey: () => Uint8Array;
  /** What hubs sign with for people who answer in chat clients, and seal what they ask there. */
  readonly companionKey: () => Uint8Array;
  /** Where the configured approval page is, on a hub or on this machine; undefined where there is none. */
  readonly pageOrigin: string | undefined;
  /** A ticket's address on it. */
  readonly reviewUrl: ((ticket: string) => string) | undefined;
}

export interface StartOptions extends Chosen {
  /** Where people read what this process says: `here`, on its terminal, or `anywhere`. */
  readonly where?: 'here' | 'anywhere' | undefined;
  /** Does the process's log say what became of each ticket here? */
  readonly logsSteps?: boolean | undefined;
  /** This process's own, unless another is given. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** The tools that there are: what is said of each, and they themselves, which take long to load. */
interface Registry {
  readonly listed: readonly ListedTool[];
  load(): Promise<readonly Tool[]>;
}

const REGISTRY: Registry = { listed: LISTED, load: async () => (await import('../../tools/index.ts')).TOOLS };

export async function openInstallation(options: StartOptions, registry: Registry = REGISTRY): Promise<Installation> {
  const { env = process.env } = options;
  const place = { file: options.config, env, sandbox: options.sandbox, tools: registry.listed };
  const config = await loadConfig(place);
  giveHome(env);
  const rules = liveConfig(config, place);
  const log = lazyLog();
  const { telemetry, measured } = await telemetryHere(SOFTWARE, log);
  let secretKey: Uint8Array | undefined;
  let linkKey: Uint8Array | undefined;
  let companionKey: Uint8Array | undefined;
  const pageKey = () => {
    linkKey ??= secretKeyIn(config, 'links.key');
    return linkKey;
  };
  const pageLinks = (origin: string) => linksOf(origin, pageKey);
  const { sandbox = false, store: given } = options;
  const address = storeAddress({ given, env, configured: config.store, sandbox });
  const anchor = config.anchor === undefined ? undefined : anchorIn(config.anchor);
  // Nobody asks through a hub for what is played.
  const configured = config.hub && !sandbox ? config.hub.url : config.web && pageOrigin(config.web);
  let store: Store | undefined;
  return {
    config,
    env,
    osUser: osUserName(),
    sandbox,
    storeAddress: address,
    anchor,
    get command() {
      return startedAs(options.where ?? 'here', options);
    },
    log,
    telemetry,
    tools: registry.load,
    get store() {
      if (!store) {
        openStateDir(config);
        const { database: file, recipients } = config;
        const wanting = (kind: NoticeKind) => recipients.filter(({ on }) => on.includes(kind)).map(({ id }) => id);
        const { keysDir } = config;
        const rootKeyId = () => readRoot(keysDir)?.key;
        const shared = { recipients: wanting, head: join(keysDir, 'head.db'), rootKeyId, ...(anchor && { anchor }) };
        const opened = measured(
          address === undefined
            ? openSqliteStore({ file, ...shared })
            : openPostgresStore({ to: connectionTo(address), ...shared }),
        );
        store = options.logsSteps ? stepsLogged(opened, log) : opened;
      }
      return store;
    },
    headProblem: async () => {
      try {
        await store?.forHead().keepUp();
      } catch (error) {
        if (error instanceof HoldshortError && error.code === 'log_not_continued') return error;
      }
      return undefined;
    },
    close: async () => store?.close(),
    rules,
    policy: policyOf(rules, actionsOf(registry.listed)),
    makers: async () => readMakers((await rules()).web?.attestationRoots),
    logins: loginsOf(rules),
    kits: kitsOf(config),
    hideSecret: (secret) => {
      secretKey ??= secretKeyIn(config, 'secrets.key');
      return secretDigest(secretKey, secret);
    },
    pageLinks,
    pageKey,
    companionKey: () => {
      companionKey ??= secretKeyIn(config, 'companion.key');
      return companionKey;
    },
    pageOrigin: configured,
    reviewUrl: configured === undefined ? undefined : pageLinks(configured).ticket,
  };
}

/**
 * The name under which the operating system knows this person, in the form that approvers' names have; the number where
 * it knows no name, as in a container.
 */
function osUserName(): string {
  return nameOfUser()
    .toLowerCase()
    .replace(/[^a-z0-9._@-]/g, '-');
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Every tool there is, as policy knows it; not only those that one server offers. */
export const POLICY_ACTIONS = actionsOf(LISTED);

export function actionsOf(tools: readonly Pick<ListedTool, 'name' | 'kind'>[]): readonly PolicyAction[] {
  return tools.flatMap((tool) =>
    tool.kind === 'read' || tool.kind === 'change' ? [{ tool: tool.name, kind: tool.kind }] : [],
  );
}

function policyOf(rules: () => Promise<Config>, actions: readonly PolicyAction[]): () => Promise<PolicyEngine> {
  let loaded: { readonly stamp: string; readonly engine: Promise<PolicyEngine> } | undefined;
  return async () => {
    const config = await rules();
    // A file that can't be looked at is read anyway, to say why.
    const file = config.policyFile;
    const stamp = file === undefined ? 'default' : `${file} ${stampOf(file) ?? `missing ${performance.now()}`}`;
    if (loaded?.stamp !== stamp) loaded = { stamp, engine: load(config, actions) };
    return await loaded.engine;
  };
}

async function load(config: Config, actions: readonly PolicyAction[]): Promise<PolicyEngine> {
  const [{ loadPolicy }, source] = await Promise.all([import('../policy/load.ts'), policySource(config)]);
  return await loadPolicy({ ...source, actions });
}

/** Nothing is opened, and no key made, before the first kit. */
function kitsOf({ stateDir, keysDir, recoveryReaders }: Config): KitFolder {
  const places = { folder: join(stateDir, 'kits'), keyFile: join(keysDir, 'recovery.key') };
  return kitFolder({ ...places, readers: Object.values(recoveryReaders) });
}

/** Where browsers find the page: behind a configured origin, otherwise on this machine. */
export function pageOrigin({ port, origin }: { readonly port: number; readonly origin?: string }): string {
  // Not 127.0.0.1: browsers have no passkeys there.
  return origin ?? `http://localhost:${port}`;
}
