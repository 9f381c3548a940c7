import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const OPENING = [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/list' },
].map((message) => `${JSON.stringify(message)}\n`);

/**
 * Milliseconds from spawn to the answer to `tools/list`, and the peak resident set by then in MiB (Linux; otherwise
 * NaN).
 */
export function spawnToList(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ ms: number; rss: number }> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    child.once('error', reject);
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
      const done = said
        .split('\n')
        .slice(0, -1)
        .some((line) => JSON.parse(line).id === 2);
      if (!done) return;
      const ms = performance.now() - startedAt;
      const rss = peakOf(child.pid);
      child.once('exit', () => resolve({ ms, rss }));
      child.stdin.end();
    });
    child.stdin.write(OPENING.join(''));
  });
}

function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

export async function timed(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** A figure beside its yardstick. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly yardstick: string;
  readonly measured: string;
  readonly target: string;
  readonly met: boolean;
}

/** At most so many times the yardstick. */
export function ratioOf(
  what: string,
  ours: number,
  bare: number,
  yardstick: string,
  unit: string,
  target: number,
): Row {
  const measured = ours / bare;
  const digits = unit === 'ms' && bare < 10 ? 2 : 0;
  return {
    what,
    ours: `${ours.toFixed(digits)} ${unit}`,
    yardstick: `${bare.toFixed(digits)} ${unit} ${yardstick}`,
    measured: `${measured.toFixed(2)}x`,
    target: `${target}x`,
    met: measured <= target,
  };
}

export function print(rows: readonly Row[]): void {
  const header = {
    what: 'what',
    ours: 'holdshort',
    yardstick: 'yardstick',
    measured: 'measured',
    target: 'target',
    met: 'met',
  };
  const cells = [header, ...rows.map((row) => ({ ...row, met: row.met ? 'yes' : 'no' }))];
  const keys = Object.keys(header) as (keyof typeof header)[];
  const widths = keys.map((key) => Math.max(...cells.map((row) => row[key].length)));
  for (const row of cells)
    console.log(
      keys
        .map((key, column) => row[key].padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}
