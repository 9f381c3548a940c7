import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/**
 * Who may import whom (docs/architecture.md). `packages` are the only third-party packages a room may use; absent means
 * any.
 */
const ROOMS: Record<
  string,
  { readonly rooms: readonly string[]; readonly packages?: readonly string[]; readonly files?: readonly string[] }
> = {
  'src/kernel': { rooms: [], packages: ['zod', 'node:crypto'] },
  'src/present': { rooms: ['src/kernel'], packages: [] },
  'src/policy': { rooms: ['src/kernel'] },
  'src/audit': { rooms: ['src/kernel'] },
  'src/store': { rooms: ['src/kernel', 'src/audit'] },
  // How much fits into an answer is theirs to know: they cut lists at it.
  tools: {
    rooms: ['src/kernel'],
    packages: ['zod', 'node:timers/promises'],
    files: ['src/present/presentable.ts'],
  },
  'src/aws': { rooms: ['src/kernel'], files: ['tools/define.ts', 'tools/ports/'] },
  // What a process asks that has only the record, its pins and its policy: nothing of what executes.
  'src/gate': { rooms: ['src/kernel', 'src/policy', 'src/audit', 'src/store'], packages: [] },
  'src/executor': {
    rooms: ['src/kernel', 'src/policy', 'src/audit', 'src/store', 'src/gate', 'tools', 'src/aws'],
    files: ['src/telemetry/telemetry.ts'],
  },
  // What those get who export traces and metrics. What is told of anything is in one file; nothing is decided here.
  'src/telemetry': { rooms: ['src/kernel', 'src/store'], packages: ['@opentelemetry/api'] },
  'src/kits': {
    rooms: ['src/kernel'],
    packages: ['age-encryption', 'node:crypto', 'node:fs', 'node:path', 'node:util', 'node:zlib'],
  },
  'src/notify': { rooms: ['src/kernel', 'src/audit', 'src/store'] },
  'src/server': {
    rooms: ['src/kernel', 'src/present', 'src/policy', 'src/audit', 'src/store', 'tools', 'src/aws'],
    files: ['src/telemetry/telemetry.ts'],
  },
  // Who issues tokens: its keys, and what a login there comes to. What a token must say is for others.
  'src/issuer': { rooms: ['src/kernel'], packages: ['jose', 'zod', 'node:crypto'] },
  // Who asks over HTTP: tokens, limits and what listens. It reaches neither store nor AWS; the wiring gives it servers.
  'src/hub': {
    rooms: ['src/kernel', 'src/issuer'],
    packages: [
      ...['jose', 'zod', 'hono', '@hono/node-server', '@modelcontextprotocol/server', 'pino'],
      ...['node:events', 'node:http', 'node:https', 'node:net'],
    ],
  },
  approvals: { rooms: ['src/kernel', 'src/present', 'src/policy', 'src/audit', 'src/store', 'src/issuer'] },
  // Of the wiring it gets ports; what it can reach is in test/architecture/rehearsal.test.ts.
  'src/rehearsal': {
    rooms: ['src/kernel', 'tools', 'src/aws', 'src/sandbox'],
    packages: ['node:crypto', 'node:timers/promises', 'node:worker_threads'],
  },
  // What two read differently of `Fn::Sub`, or of a scalar, one of them judges wrongly.
  'src/sandbox': { rooms: [], files: ['tools/ports/substitution.ts', 'tools/ports/scalars.ts'] },
};

/**
 * The wiring: the command line, its commands and the configuration. It may import every room; no room may import it.
 */
const WIRING = ['src/cli.ts', 'src/commands', 'src/config.ts', 'src/config'];

const files = ['src', 'tools', 'approvals'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

function roomOf(path: string): string | undefined {
  return Object.keys(ROOMS).find((room) => path.startsWith(`${room}/`));
}

function isWiring(path: string): boolean {
  return WIRING.some((place) => path === place || path.startsWith(`${place}/`));
}

/** Every module that a file names: static, re-exported, dynamic and type-only imports. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\s*\(\s*|\brequire\s*\(\s*)(['"])([^'"]+)\1/g)].map(
    (match) => match[2]!,
  );
}

test('every source file stands in a room or in the wiring', () => {
  expect(files.filter((file) => !roomOf(file) && !isWiring(file))).toEqual([]);
});

test.each(files)('%s imports only what its room may', (file) => {
  const room = roomOf(file);
  if (!room) return;
  const { rooms, packages, files: allowed = [] } = ROOMS[room]!;
  for (const specifier of importsOf(file)) {
    if (!specifier.startsWith('.')) {
      const bare = specifier.startsWith('node:') || !builtinModules.includes(specifier);
      expect(bare, `${specifier} must be written node:${specifier}`).toBe(true);
      if (packages) expect(packages, `${file} imports ${specifier}`).toContain(specifier);
      if (specifier.startsWith('@aws-sdk/'))
        expect(['src/aws', 'src/sandbox'], `${file} imports ${specifier}`).toContain(room);
      continue;
    }
    const target = normalize(join(dirname(file), specifier));
    const fine =
      target.startsWith(`${room}/`) ||
      rooms.some((other) => target.startsWith(`${other}/`)) ||
      allowed.some((place) => target === place || (place.endsWith('/') && target.startsWith(place)));
    expect(fine, `${file} imports ${target}`).toBe(true);
  }
});

/** Programs that tests run against: another's issuer and clients. */
const TESTS_ALONE = [
  ...['oidc-provider', '@modelcontextprotocol/sdk', '@modelcontextprotocol/conformance', 'mcp-remote'],
  ...['@opentelemetry/sdk-trace', '@opentelemetry/sdk-metrics', '@opentelemetry/context-async-hooks'],
];

test('what tests run against is in no part of the program', () => {
  const named = files.flatMap((file) => importsOf(file).map((specifier) => `${file}: ${specifier}`));
  const loads = ([, specifier = '']: readonly string[]) =>
    TESTS_ALONE.some((one) => specifier === one || specifier.startsWith(`${one}/`));
  expect(named.filter((line) => loads(line.split(': ')))).toEqual([]);
  expect(loads(['src/hub/app.ts', 'oidc-provider'])).toBe(true);
});

test('the table forbids something: a made-up import is seen', () => {
  expect(roomOf('src/kernel/ticket.ts')).toBe('src/kernel');
  expect(ROOMS['src/kernel']?.rooms).not.toContain('src/store');
  expect(importsOf('test/architecture/imports.test.ts')).toContain('vitest');
});
