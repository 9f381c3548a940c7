/**
 * Bundles the command into dist/: one tree-shaken entry, and a chunk for each part that only some commands need; into
 * dist/second-opinion/ the thread that compares templates, with AWS's specification beside it; into dist/web/ what the
 * approval page gives to browsers; into dist/app/ the ticket card, one document with its script and style in it; and
 * the licences of all packages that are in these.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { type ChunkingContext, type Plugin, type RolldownOutput, rolldown } from 'rolldown';
import { POLICY_ACTIONS } from './src/commands/installation.ts';
import { configSchema } from './src/config.ts';
import { checkedPolicy } from './src/policy/checked.ts';
import { OWN_POLICIES } from './src/policy/default.ts';
import { TOOLS } from './tools/index.ts';
import { LISTED } from './tools/listed.ts';
import { inputSchemaOf } from './tools/schema.ts';

const CHUNKS = ['every-command', 'tools', 'serve', 'command'];
const loaded = new Map<string, ReadonlySet<string>>();
const outputs: RolldownOutput[] = [];

// Made beside and then put in place: a half-written command is never there to be started.
const made = 'dist.new';
rmSync(made, { recursive: true, force: true });

const schemas = Object.fromEntries(TOOLS.map((tool) => [tool.name, inputSchemaOf(tool)]));
const policies = OWN_POLICIES.map((text) => checkedPolicy(cedar, text, 'src/policy/default.ts', POLICY_ACTIONS));
const built = Object.fromEntries(policies.map(({ name, parsed }) => [name, JSON.stringify(parsed)]));
const bundle = await rolldown({
  // The thread in which changes are rehearsed has most of what is in it from the command.
  input: { cli: 'src/cli.ts', rehearsal: 'src/rehearsal/worker.ts' },
  platform: 'node',
  // Native code and WebAssembly stay packages of their own; everything else is bundled, so that starting reads few
  // files.
  external: ['better-sqlite3', 'pg', 'pgpass', /^@cedar-policy\//],
  resolve: {
    mainFields: ['module', 'main'],
    // What the SDK takes from Node brings a validator of JSON Schema with it, a third of what `serve` would load.
    alias: { '@modelcontextprotocol/server/_shims': resolve('src/commands/sdk-shims.ts') },
  },
  plugins: [withoutGetters(), listed(), httpApart(), packedSpecification()],
  transform: { define: { BUILT_SCHEMAS: JSON.stringify(schemas), BUILT_POLICIES: JSON.stringify(built) } },
  logLevel: 'warn',
});
outputs.push(
  await bundle.write({
    dir: made,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    codeSplitting: { groups: CHUNKS.map(groupOf) },
    // The names of classes and functions stay, for errors and their stacks.
    minify: { compress: { keepNames: { function: true, class: true } }, mangle: { keepNames: true }, codegen: true },
  }),
);
await bundle.close();

// CommonJS, since the package finds its data beside the folder of its own file.
const opinion = await rolldown({
  input: { worker: 'src/aws/cloudformation/second-opinion-worker.ts' },
  platform: 'node',
  logLevel: 'warn',
});
const opinionFolder = `${made}/second-opinion`;
outputs.push(
  await opinion.write({ dir: `${opinionFolder}/lib`, format: 'cjs', entryFileNames: '[name].cjs', minify: true }),
);
await opinion.close();
// Packed again, as small as it gets.
const specification = gunzipSync(readFileSync(specificationFile()));
writeFileSync(`${opinionFolder}/db.json.gz`, gzipSync(specification, { level: 9 }));

const script = await rolldown({
  input: { page: 'approvals/web/browser/page.ts' },
  platform: 'browser',
  logLevel: 'warn',
});
outputs.push(await script.write({ dir: `${made}/web`, format: 'esm', entryFileNames: '[name].js', minify: true }));
await script.close();
const style = (file: string) => readFileSync('approvals/web/browser/base.css', 'utf8') + readFileSync(file, 'utf8');
writeFileSync(`${made}/web/page.css`, style('approvals/web/browser/page.css'));

const card = await rolldown({
  input: { card: 'approvals/app/browser/card.ts' },
  platform: 'browser',
  logLevel: 'warn',
});
const generated = await card.generate({ format: 'esm', minify: true });
outputs.push(generated);
const { output } = generated;
await card.close();
const [{ code }] = output;
// A host's policy for cards allows what is in the document, and loads nothing.
const document = readFileSync('approvals/app/browser/card.html', 'utf8')
  .replace('/* style */', () => style('approvals/app/browser/card.css'))
  .replace('/* script */', () => code.replaceAll('</script', '<\\/script'));
mkdirSync(`${made}/app`);
writeFileSync(`${made}/app/card.html`, document);

chmodSync(`${made}/cli.js`, 0o755);
writeFileSync(`${made}/config.schema.json`, `${JSON.stringify(configSchema(), null, 2)}\n`);
writeFileSync(`${made}/LICENSES.txt`, licencesOf(outputs));
rmSync('dist', { recursive: true, force: true });
renameSync(made, 'dist');

/**
 * To import one of Node's modules is to run all its getters: of `node:crypto` they load WebCrypto, of `node:http` the
 * whole of `fetch`, 20 ms of CPU each, in every process. Here a getter runs where somebody imports what it gets.
 */
function withoutGetters(): Plugin {
  const names = new Set(builtinModules.filter((name) => !name.includes(':')).map((name) => `node:${name}`));
  return {
    name: 'without-getters',
    resolveId: (asked, importer, { kind }) => {
      if (importer?.startsWith('\0')) return null;
      const name = asked.startsWith('node:') ? asked : `node:${asked}`;
      if (kind === 'import-statement' && names.has(name)) return `\0${name}`;
      // What `import()` and `require` get is one object, in which nothing may be missing that somebody uses: of this one
      // the SDK takes the agent and `request`.
      return kind === 'dynamic-import' && name === 'node:http' ? '\0without-getters' : null;
    },
    load: (id) => {
      if (id === '\0without-getters') return membersOf('node:http', ({ get }) => !get);
      return id.startsWith('\0node:') ? membersOf(id.slice(1), () => true) : null;
    },
  };
}

function membersOf(name: string, wanted: (member: PropertyDescriptor) => boolean): string {
  const members = Object.entries(Object.getOwnPropertyDescriptors(process.getBuiltinModule(name)));
  const lines = members.flatMap(([key, member]) =>
    member.enumerable && wanted(member) ? [`export const ${key} = /* @__PURE__ */ (() => it.${key})();`] : [],
  );
  return [`const it = process.getBuiltinModule('${name}'); export default it;`, ...lines].join('\n');
}

/** The embedded cloud's specification is half a megabyte of names that repeat; what isn't played never unpacks it. */
function packedSpecification(): Plugin {
  const file = resolve('src/sandbox/spec/resources.json');
  return {
    name: 'packed-specification',
    load: (id) => {
      if (id !== file) return null;
      const packed = gzipSync(JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))), { level: 9 }).toString('base64');
      const code = `import { gunzipSync } from 'node:zlib';
export default JSON.parse(gunzipSync(Buffer.from('${packed}', 'base64')).toString('utf8'));`;
      return { code, moduleType: 'js' };
    },
  };
}

/** The part of the SDK that serves HTTP is in the same file as what `serve` needs; the hub gets a copy of that file. */
function httpApart(): Plugin {
  const served = new Set(['src/server/http.ts', 'src/hub/app.ts'].map((file) => resolve(file)));
  const mark = '?http';
  return {
    name: 'http-apart',
    async resolveId(asked, importer, options) {
      if (asked !== '@modelcontextprotocol/server' || !importer || !served.has(importer)) return null;
      const found = await this.resolve(asked, importer, { ...options, skipSelf: true });
      return found && `${found.id}${mark}`;
    },
    load: (id) => (id.endsWith(mark) ? readFileSync(id.slice(0, -mark.length), 'utf8') : null),
  };
}

/** What the list of tools comes to, instead of the tools. */
function listed(): Plugin {
  const file = resolve('tools/listed.ts');
  const text = `export const LISTED = ${JSON.stringify(LISTED)};`;
  return { name: 'listed', load: (id) => (id === file ? text : null) };
}

/** AWS's specification of resources, of the version that the package which compares templates depends on. */
function specificationFile(): string {
  const ofDiff = createRequire(createRequire(import.meta.url).resolve('@aws-cdk/cloudformation-diff'));
  return join(dirname(ofDiff.resolve('@aws-cdk/aws-service-spec')), '../db.json.gz');
}

/**
 * Each package that is in the bundles, by name and version, with who holds the rights and its licence; one text for all
 * that share it.
 */
function licencesOf(bundles: readonly RolldownOutput[]): string {
  const modules = bundles.flatMap(({ output }) =>
    output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : [])),
  );
  const folders = new Set(modules.flatMap((module) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? []));
  const holder = /^\s*copyright(?: \(c\)| ©|\s+\d)/i;
  const licences = new Map<string, { readonly of: string[]; readonly terms: string }>();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `${license}, without a text of its own`;
    const lines = text.split('\n');
    const holders = lines.filter((line) => holder.test(line)).map((line) => `  ${line.trim()}`);
    const terms = lines
      .filter((line) => !holder.test(line))
      .join('\n')
      .trim();
    const same = terms.replace(/\s+/g, ' ').toLowerCase();
    const { of } = licences.get(same) ?? { of: [] };
    licences.set(same, { terms, of: [...of, [`${name} ${version}`, ...holders].join('\n')] });
  }
  return [...licences.values()]
    .map(({ of, terms }) => `${of.join('\n')}\n\n${terms}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * Reading a file costs more than what is in it: what the agent's server loads is in three files instead of fifty, and
 * the other commands load one of them, and one with what all of them need. What neither is in has chunks as it is shared.
 */
function chunkOf(module: string, chunking: ChunkingContext): string | null {
  const [server, command] = [loadedWith('serve', chunking), loadedWith('people-register', chunking)];
  const always = loadedWith('main', chunking);
  if (always.has(module) || (server.has(module) && command.has(module))) return 'every-command';
  if (loadedWith('../../tools/index', chunking).has(module)) return 'tools';
  if (server.has(module)) return 'serve';
  // What the agent's server loads later too, it would get with the rest.
  return command.has(module) && !loadedWith('executor', chunking).has(module) ? 'command' : null;
}

/** A group takes what its modules import with it, unless one of a higher priority has it. */
function groupOf(chunk: string, at: number) {
  const name = (module: string, chunking: ChunkingContext) => (chunkOf(module, chunking) === chunk ? chunk : null);
  return { debugName: chunk, name, priority: CHUNKS.length - at };
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
