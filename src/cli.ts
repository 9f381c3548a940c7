#!/usr/bin/env node
/*
 * The one entry. Nothing native, and nothing that an older Node can't parse, may be loaded before the version is known:
 * better-sqlite3 brings such a process down with a segmentation fault instead of a sentence.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `holdshort needs Node 22.12 or newer; this is Node ${process.versions.node}: install a newer Node, or write \`npx node@24\` instead of \`node\` (in a checkout \`npx node\`)\n`,
  );
  process.exit(1);
}
const { main } = await import('./commands/main.ts');
process.exitCode = await main(process.argv);
