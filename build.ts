/**
 * Bundles the command into dist/: one tree-shaken entry, and a chunk for each part that only some commands need; and into dist/web/ what
 * the approval page gives to browsers; and into dist/app/ the ticket card, one document with its script and style in it.
 */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { rolldown } from 'rolldown';
import { configSchema } from './src/config.ts';

// Made beside and then put in place: a half-written command is never there to be started.
const made = 'dist.new';
rmSync(made, { recursive: true, force: true });

const bundle = await rolldown({
  // The second one runs in a thread of its own.
  input: { cli: 'src/cli.ts', 'second-opinion': 'src/aws/second-opinion-worker.ts' },
  platform: 'node',
  // Native code and WebAssembly stay packages of their own; everything else is bundled, so that starting reads few files.
  external: ['better-sqlite3', /^@cedar-policy\//, '@aws-cdk/cloudformation-diff'],
  resolve: { mainFields: ['module', 'main'] },
  logLevel: 'warn',
});
await bundle.write({
  dir: made,
  format: 'esm',
  sourcemap: false,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
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
// A host's policy for cards allows what stands in the document, and loads nothing.
const document = readFileSync('approvals/app/browser/card.html', 'utf8')
  .replace('/* style */', () => readFileSync('approvals/app/browser/card.css', 'utf8'))
  .replace('/* script */', () => code.replaceAll('</script', '<\\/script'));
mkdirSync(`${made}/app`);
writeFileSync(`${made}/app/card.html`, document);

chmodSync(`${made}/cli.js`, 0o755);
writeFileSync(`${made}/config.schema.json`, `${JSON.stringify(configSchema(), null, 2)}\n`);
rmSync('dist', { recursive: true, force: true });
renameSync(made, 'dist');
