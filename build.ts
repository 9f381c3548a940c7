/**
 * Bundles the command into dist/: one tree-shaken entry, and a chunk for each part that only some commands need; and
 * into dist/web/ what the approval page gives to browsers; and into dist/app/ the ticket card, one document with its
 * script and style in it.
 */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ChunkingContext, rolldown } from 'rolldown';
import { configSchema } from './src/config.ts';
import { TOOLS } from './tools/index.ts';
import { inputSchemaOf } from './tools/schema.ts';

const loaded = new Map<string, ReadonlySet<string>>();

// Made beside and then put in place: a half-written command is never there to be started.
const made = 'dist.new';
rmSync(made, { recursive: true, force: true });

const schemas = Object.fromEntries(TOOLS.map((tool) => [tool.name, inputSchemaOf(tool)]));
const bundle = await rolldown({
  // The second one runs in a thread of its own.
  input: { cli: 'src/cli.ts', 'second-opinion': 'src/aws/cloudformation/second-opinion-worker.ts' },
  platform: 'node',
  // Native code and WebAssembly stay packages of their own; everything else is bundled, so that starting reads few
  // files.
  external: ['better-sqlite3', /^@cedar-policy\//, '@aws-cdk/cloudformation-diff'],
  resolve: { mainFields: ['module', 'main'] },
  transform: { define: { BUILT_SCHEMAS: JSON.stringify(schemas) } },
  logLevel: 'warn',
});
await bundle.write({
  dir: made,
  format: 'esm',
  sourcemap: false,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  codeSplitting: { groups: [{ debugName: 'start', name: chunkOf }] },
  minify: false,
});
await bundle.close();

const script = await rolldown({
  input: { page: 'approvals/web/browser/page.ts' },
  platform: 'browser',
  logLevel: 'warn',
});
await script.write({ dir: `${made}/web`, format: 'esm', sourcemap: false, entryFileNames: '[name].js', minify: false });
await script.close();
copyFileSync('approvals/web/browser/page.css', `${made}/web/page.css`);

const card = await rolldown({
  input: { card: 'approvals/app/browser/card.ts' },
  platform: 'browser',
  logLevel: 'warn',
});
const { output } = await card.generate({ format: 'esm', sourcemap: false, minify: true });
await card.close();
const [{ code }] = output;
// A host's policy for cards allows what is in the document, and loads nothing.
const document = readFileSync('approvals/app/browser/card.html', 'utf8')
  .replace('/* style */', () => readFileSync('approvals/app/browser/card.css', 'utf8'))
  .replace('/* script */', () => code.replaceAll('</script', '<\\/script'));
mkdirSync(`${made}/app`);
writeFileSync(`${made}/app/card.html`, document);

chmodSync(`${made}/cli.js`, 0o755);
writeFileSync(`${made}/config.schema.json`, `${JSON.stringify(configSchema(), null, 2)}\n`);
rmSync('dist', { recursive: true, force: true });
renameSync(made, 'dist');

/**
 * Reading a file costs more than what is in it: what the agent's server loads is in two files instead of fifty, and the
 * other commands load one of them. What neither is in has chunks as it is shared.
 */
function chunkOf(module: string, chunking: ChunkingContext): string | null {
  const [server, command] = [loadedWith('serve', chunking), loadedWith('people-register', chunking)];
  const always = loadedWith('main', chunking);
  if (always.has(module) || (server.has(module) && command.has(module))) return 'every-command';
  return server.has(module) ? 'serve' : null;
}

/** The modules that a file of `src/commands` imports, and those that they import; not what is loaded later. */
function loadedWith(name: string, chunking: ChunkingContext): ReadonlySet<string> {
  const known = loaded.get(name);
  if (known) return known;
  const found = new Set([resolve(`src/commands/${name}.ts`)]);
  for (const module of found)
    for (const imported of chunking.getModuleInfo(module)?.importedIds ?? []) found.add(imported);
  loaded.set(name, found);
  return found;
}
