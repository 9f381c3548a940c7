import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runFolder, shared, whyNot } from './shared.ts';

/** A browser that was started, and where its DevTools protocol is. */
export interface Chromium {
  readonly endpoint: string;
  close(): Promise<void>;
}

export const NO_CHROMIUM =
  "no Chromium: @sparticuz/chromium brings one for Linux on x64; elsewhere set CHROMIUM_PATH to a browser of the machine's";

/**
 * A headless Chromium: the one of CHROMIUM_PATH, otherwise the one that is packed in an npm package. Undefined where
 * neither runs, unless HOLDSHORT_REQUIRE_CHROMIUM=1 makes that a failure.
 * @param flags for its command line, besides those that every test needs
 */
export async function startChromium(flags: readonly string[]): Promise<Chromium | undefined> {
  const profile = mkdtempSync(join(tmpdir(), 'holdshort-chromium-'));
  try {
    const found = await browserFound();
    const child = spawn(found.path, [...FLAGS, ...flags, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: envOf(profile, found.fonts),
    });
    const endpoint = await endpointOf(child);
    return {
      endpoint,
      async close() {
        child.kill('SIGKILL');
        if (child.exitCode === null && child.signalCode === null)
          await new Promise((ended) => child.once('exit', ended));
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  } catch (error) {
    rmSync(profile, { recursive: true, force: true });
    if (process.env.HOLDSHORT_REQUIRE_CHROMIUM === '1') throw error;
    return undefined;
  }
}

/** The same one for all files of a run, each of whose tabs is in a profile of its own; without any flags. */
export async function sharedChromium(): Promise<Chromium | undefined> {
  if (!runFolder()) return startChromium([]);
  const endpoint = await shared(
    'chromium',
    async (profile) => {
      const { path, fonts } = await browserFound();
      return { path, args: [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], env: envOf(profile, fonts) };
    },
    (said) => ENDPOINT.exec(said)?.[1],
  );
  if (!endpoint && process.env.HOLDSHORT_REQUIRE_CHROMIUM === '1') throw new Error(whyNot('chromium'));
  return endpoint === undefined ? undefined : { endpoint, close: async () => undefined };
}

const browserFound = async () =>
  process.env.CHROMIUM_PATH ? { path: process.env.CHROMIUM_PATH, fonts: undefined } : await unpacked();

/** The fonts of the package, so that pictures come out the same on every machine. */
const envOf = (profile: string, fonts: string | undefined): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: profile,
  ...(fonts ? { FONTCONFIG_PATH: fonts } : {}),
});

const ENDPOINT = /DevTools listening on (ws:\/\/\S+)/;

const FLAGS = [
  '--headless',
  // Chromium doesn't sandbox itself for root, and containers often don't let it.
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--hide-scrollbars',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
  '--remote-debugging-port=0',
];

/**
 * Unpacks the package's browser once, beside the packages: complete or not at all, no matter who else does the same.
 */
async function unpacked(): Promise<{ readonly path: string; readonly fonts: string }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(NO_CHROMIUM);
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const { version } = createRequire(import.meta.url)(join(dirname(main), '..', 'package.json')) as { version: string };
  const folder = resolve('node_modules/.cache/holdshort', `chromium-${version}`);
  const place = { path: join(folder, 'chromium'), fonts: join(folder, 'fonts') };
  if (existsSync(place.path)) return place;
  const { inflate } = await import('@sparticuz/chromium');
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  const before = process.env.TMPDIR;
  // Where the package unpacks to.
  process.env.TMPDIR = draft;
  try {
    const packed = join(dirname(main), '..', 'bin');
    await Promise.all(['chromium.br', 'fonts.tar.br'].map((name) => inflate(join(packed, name))));
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  writeFileSync(join(draft, 'fonts', 'fonts.conf'), FONTS(place.fonts));
  try {
    renameSync(draft, folder);
  } catch {
    // Another process was first.
    rmSync(draft, { recursive: true, force: true });
  }
  return place;
}

const FONTS = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/cache</cachedir></fontconfig>
`;

function endpointOf(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = '';
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`Chromium ended with ${code}: ${said.slice(-2000)}`)));
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk;
      const endpoint = ENDPOINT.exec(said)?.[1];
      if (endpoint) found(endpoint);
    });
  });
}
