import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LISTED, type ListedTool } from '../tools/listed.ts';
import { accountsOf, knownOf, type ListedAccount } from './config/accounts.ts';
import { parseDocument } from './config/document.ts';
import { durationMs } from './config/duration.ts';
import type { Hub } from './config/hub.ts';
import { type ConfiguredLogin, loginOf } from './config/login.ts';
import { recipientsOf } from './config/notify.ts';
import { type Env, placesOf } from './config/places.ts';
import { fileInvalid } from './config/problems.ts';
import { type ConfigFile, configurationFor } from './config/schema.ts';
import { FILE_NAMES } from './config/store.ts';
import type { Environment } from './kernel/environment.ts';
import { HoldshortError } from './kernel/errors.ts';
import { DEFAULT_QUOTAS } from './kernel/quotas.ts';
import type { Rules } from './kernel/rules.ts';
import type { Recipient } from './notify/recipient.ts';

export { policySource } from './config/policy-source.ts';
export { configSchema } from './config/schema.ts';
export { openStateDir } from './config/state-dir.ts';

/** Where everything is and what holds: the configuration file with its defaults filled in. Paths are absolute. */
export interface Config extends Rules {
  readonly configDir: string;
  /** The file that was read; undefined where there is none. */
  readonly configFile: string | undefined;
  readonly stateDir: string;
  readonly database: string;
  readonly keysDir: string;
  /** The address of a database that several hosts share, where the file names one: see `storeAddress`. */
  readonly store: string | undefined;
  /** The folder that all hosts of the store share; undefined where none is named. */
  readonly anchor: string | undefined;
  /** Undefined for the default policy. */
  readonly policyFile: string | undefined;
  readonly aws: {
    readonly read_role_arn?: string | undefined;
    readonly execution_role_arn?: string | undefined;
    readonly external_id?: string | undefined;
  };
  /** The accounts that the file lists; undefined where there is the one whose credentials are here. */
  readonly accounts: readonly ListedAccount[] | undefined;
  /** What logins approvals must come with, where they must come with any. */
  readonly login: ConfiguredLogin | undefined;
  /** Who else opens recovery kits, by name: age recipients. */
  readonly recoveryReaders: Readonly<Record<string, string>>;
  /** Who is told of tickets. */
  readonly recipients: readonly Recipient[];
  /** The approval page, where one is configured. */
  readonly web:
    | { readonly port: number; readonly origin?: string; readonly attestationRoots?: string | undefined }
    | undefined;
  /** What `holdshort hub` serves, where it is configured. */
  readonly hub: Hub | undefined;
  /** Macros that may run while a change is being planned. */
  readonly macros: readonly string[];
  /** May deployments be compared with what is really there? */
  readonly compareLive: boolean;
  /** How long a ticket waits, in milliseconds; the shortest where several rules for the environment say so. */
  readonly expireAfterMs: (environment: Environment) => number;
}

export interface ConfigOptions {
  /** `--config` */
  readonly file?: string | undefined;
  readonly env: Env;
  /** `--sandbox` */
  readonly sandbox?: boolean | undefined;
  /** Whose targets rules of environments may match. Absent: all that there are. */
  readonly tools?: readonly ListedTool[] | undefined;
}

const DEFAULT_EXPIRY = '4h';
export const DEFAULT_WEB_PORT = 4141;

/**
 * Reads the configuration; having none is fine, and everything is then `production`.
 * @param options.file `--config`; otherwise `config.yaml` or `config.json` in the configuration folder
 * @throws config_invalid with the file, the line, the key, and what to write instead
 */
export async function loadConfig(options: ConfigOptions): Promise<Config> {
  const { configDir, stateDir, apart } = placesOf(options.env, options.sandbox);
  const found = options.file === undefined ? await findFile(configDir) : await named(resolve(options.file));
  const file = found ? await readConfig(found, options.tools) : {};
  const general = file.approvals?.expire_after ?? DEFAULT_EXPIRY;
  const environments = file.environments ?? [];
  const recipients = recipientsOf(file, found?.path ?? configDir);
  return {
    configDir,
    configFile: found?.path,
    stateDir,
    database: join(stateDir, 'holdshort.db'),
    keysDir: join(stateDir, 'keys'),
    store: file.store,
    // What is played is no other host's business.
    anchor: file.anchor === undefined || !found || apart ? undefined : resolve(dirname(found.path), file.anchor),
    environments,
    known: apart ? (file.known ?? []) : knownOf(file),
    // The embedded cloud is one account.
    accounts: apart ? undefined : accountsOf(file),
    tags_without_effect: file.tags?.without_effect ?? [],
    agents: file.agents,
    freezes: file.freezes ?? [],
    quotas: file.quotas ?? DEFAULT_QUOTAS,
    policyFile: file.policy === undefined || !found ? undefined : resolve(dirname(found.path), file.policy),
    login:
      file.approvals?.login &&
      loginOf(file.approvals.login, (path) => resolve(dirname(found?.path ?? configDir), path)),
    aws: file.aws ?? {},
    macros: file.cloudformation?.macros ?? [],
    compareLive: file.cloudformation?.compare_live ?? true,
    // Who is told in earnest isn't told of play.
    recipients: apart ? [] : recipients,
    recoveryReaders: file.recovery?.readers ?? {},
    web: file.web && {
      port: file.web.port ?? DEFAULT_WEB_PORT,
      ...(file.web.origin === undefined ? {} : { origin: file.web.origin }),
      attestationRoots:
        file.web.attestation_roots && found ? resolve(dirname(found.path), file.web.attestation_roots) : undefined,
    },
    hub: file.hub,
    expireAfterMs: (environment) => {
      const own = environments.flatMap(({ name, expire_after }) =>
        name === environment && expire_after !== undefined ? [expire_after] : [],
      );
      return Math.min(...(own.length > 0 ? own : [general]).map((text) => durationMs(text) ?? 0));
    },
  };
}

interface FoundFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The one file in the configuration folder. Two would leave open which of them protects; one under another ending would
 * be passed over.
 */
async function findFile(folder: string): Promise<FoundFile | undefined> {
  const all = await Promise.all(FILE_NAMES.map((name) => read(join(folder, name))));
  const [first, second] = all.filter((found) => found !== undefined);
  if (first && second)
    throw new HoldshortError(
      'config_invalid',
      `there are two configurations: ${first.path} and ${second.path}`,
      'keep one of them; until then nothing runs',
    );
  if (first?.path.endsWith('.yml'))
    throw new HoldshortError(
      'config_invalid',
      `${first.path} is not read under this name`,
      'rename it to config.yaml; until then nothing runs',
    );
  return first;
}

async function named(path: string): Promise<FoundFile> {
  const found = await read(path);
  if (found) return found;
  throw new HoldshortError(
    'config_invalid',
    `there is no configuration file ${path}`,
    'correct the path after --config, or leave it out',
  );
}

async function read(path: string): Promise<FoundFile | undefined> {
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR'))
      return undefined;
    throw new HoldshortError(
      'config_invalid',
      `can't read the configuration ${path}`,
      'make the file readable; until then nothing runs',
      cause,
    );
  }
}

async function readConfig({ path, text }: FoundFile, tools = LISTED): Promise<ConfigFile> {
  const configuration = configurationFor(tools);
  const document = await parseDocument(path, text, configuration);
  // A file of comments only, as `init` writes it, is an empty configuration.
  const parsed = configuration.file.safeParse(document.value ?? {});
  if (!parsed.success) throw fileInvalid(document, parsed.error.issues);
  return parsed.data;
}
