import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { CLI, makePlace, type Place, until } from '../scenes/front-door.ts';
import { hasTerminal, NO_TERMINAL, openScreen, type Screen } from '../scenes/screen.ts';

/** The story, at a terminal: someone mistypes, says no, or has seen enough. */

const DENY = /Deny this as dana\? \(y\/N\)\s*$/;
const APPROVE = /To approve this as dana, type the target's name[^\n]*:\s*$/;
const AGAIN = /Once more, to approve it[^\n]*:\s*$/;
const STOPPED = /Stopped\. Nothing of it is left/;

function temporary(place: Place): string {
  const folder = join(place.home, 'tmp');
  mkdirSync(folder);
  return folder;
}

/** Files of the story, and processes that play in it. */
function leftIn(folder: string): readonly string[] {
  const files = readdirSync(folder).filter((name) => name.startsWith('holdshort-'));
  return [...files, ...processes((env) => env.some((one) => one.startsWith(`HOLDSHORT_HOME=${folder}/`))).map(String)];
}

/** Only where there is a /proc. */
function processes(matching: (env: readonly string[]) => boolean): readonly number[] {
  if (!existsSync('/proc/self/environ')) return [];
  const partsOf = (pid: string, file: string) => {
    try {
      return readFileSync(join('/proc', pid, file), 'utf8').split('\0');
    } catch {
      return [];
    }
  };
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => basename(partsOf(pid, 'cmdline')[0] ?? '') === 'node' && matching(partsOf(pid, 'environ')))
    .map(Number);
}

describe('at a terminal', () => {
  beforeEach((context) => {
    if (!hasTerminal) context.skip(NO_TERMINAL);
  });

  async function playing(): Promise<{ screen: Screen; folder: string }> {
    const place = makePlace();
    const folder = temporary(place);
    const screen = openScreen(place, ['demo'], { TMPDIR: folder, NO_COLOR: '1', CI: '' });
    onTestFinished(async () => {
      screen.close();
      await place[Symbol.asyncDispose]();
    });
    return { screen, folder };
  }

  /** Comes as far as the queue, of which the person is asked whether it may run. */
  async function denied(screen: Screen): Promise<string> {
    await screen.shows(DENY);
    screen.type('y');
    return await screen.shows(APPROVE);
  }

  test('D29: after a typo only the question comes again, and the story ends well', async () => {
    const { screen, folder } = await playing();
    await denied(screen);
    screen.type('shop-prodution');
    const again = await screen.shows(AGAIN);
    expect(again.match(/-- what would happen/g), 'the deletion and the queue, each shown once').toHaveLength(2);
    screen.type('shop-production');
    expect(await screen.ended()).toBe(0);
    expect(await screen.shows(/Every step came out as expected/)).toContain('exactly that plan, once: succeeded');
    expect(leftIn(folder)).toEqual([]);
  });

  test('D29: who does not deny is shown a harmless queue all the same, and no replacement', async () => {
    const { screen } = await playing();
    await screen.shows(DENY);
    screen.type('n');
    const shown = await screen.shows(APPROVE);
    expect(shown.slice(shown.lastIndexOf('PRODUCTION'))).toContain('would create 1 resource');
    screen.type('shop-production');
    expect(await screen.ended()).toBe(0);
  });

  test.each(['the first question', 'the second', 'the one after a typo'])(
    'C22: Ctrl-C at %s ends the story, with 130 and nothing left',
    async (which) => {
      const { screen, folder } = await playing();
      await screen.shows(DENY);
      if (which !== 'the first question') await denied(screen);
      if (which === 'the one after a typo') {
        screen.type('x');
        await screen.shows(AGAIN);
      }
      screen.press('C-c');
      expect(await screen.ended()).toBe(130);
      expect(await screen.shows(STOPPED)).not.toMatch(/^\s+at |AbortError|NOT AS EXPECTED/m);
      expect(leftIn(folder)).toEqual([]);
    },
  );

  test('C22: Ctrl-C between two questions, too', async () => {
    const { screen, folder } = await playing();
    await screen.shows(/3 {2}"Delete it and start over"/);
    screen.press('C-c');
    expect(await screen.ended()).toBe(130);
    expect(await screen.shows(STOPPED)).not.toMatch(/^\s+at |AbortError|NOT AS EXPECTED/m);
    expect(leftIn(folder)).toEqual([]);
  });

  test.each(['of the command', 'of the story'])(
    'C22: whoever ends it at a question %s leaves nothing',
    async (whose) => {
      const { screen, folder } = await playing();
      await screen.shows(DENY);
      if (whose === 'of the story') {
        await denied(screen);
        screen.type('x');
        await screen.shows(AGAIN);
      }
      const [story, ...others] = processes(
        (env) => env.includes(`TMPDIR=${folder}`) && !env.some((one) => one.startsWith(`HOLDSHORT_HOME=${folder}/`)),
      );
      expect(others).toEqual([]);
      process.kill(story ?? 0, 'SIGTERM');
      expect(await screen.ended()).toBe(143);
      expect(await screen.shows(STOPPED)).not.toMatch(/^\s+at |AbortError|NOT AS EXPECTED/m);
      expect(leftIn(folder)).toEqual([]);
    },
  );
});

const MOMENTS = ['Holdshort: what an agent', '2  "A small fix"', '5  A person decides', '7  Afterwards'];

test.each(MOMENTS.flatMap((moment) => [[moment, 'SIGINT', 130] as const, [moment, 'SIGTERM', 143] as const]))(
  'C22: at "%s" %s ends it, with %i and nothing left',
  async (moment, signal, exit) => {
    await using place = makePlace();
    const folder = temporary(place);
    const child = spawn(process.execPath, [CLI, 'demo'], {
      env: { ...place.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => (said += chunk));
    child.stdout.on('data', (chunk) => {
      said += chunk;
      // Twice, as by someone who is in a hurry.
      if (!child.killed && said.includes(moment)) for (const _ of [1, 2]) child.kill(signal);
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code, said).toBe(exit);
    expect(said).toContain('Stopped. Nothing of it is left.');
    expect(said).not.toMatch(/^\s+at /m);
    expect(
      await until(
        () => leftIn(folder),
        ({ length }) => length === 0,
      ),
    ).toEqual([]);
  },
);
