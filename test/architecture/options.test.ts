import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { registerPeople } from '../../src/commands/people-register.ts';
import { registerServing } from '../../src/commands/serving.ts';

/*
 * No option takes several values at once: it would also take the arguments after it, and `judge --environment staging
 * OLD NEW` would have no template left. What may be given several times is made by `approvals/cli/repeatable.ts`.
 */

const nothing = async () => {};

function everyCommand(program: Command): readonly Command[] {
  return [program, ...program.commands.flatMap(everyCommand)];
}

function variadicIn(program: Command): readonly string[] {
  return everyCommand(program).flatMap((command) =>
    command.options.filter((option) => option.variadic).map(({ flags }) => `${command.name()} ${flags}`),
  );
}

test('no option of a command takes several values at once', () => {
  const program = new Command('holdshort');
  registerServing(program, nothing);
  registerPeople(program, nothing, nothing);
  expect(everyCommand(program).map((command) => command.name())).toEqual(expect.arrayContaining(['serve', 'judge']));
  expect(variadicIn(program)).toEqual([]);
});

test('nor is one written in any source file, also outside of these commands', () => {
  const files = ['src', 'approvals', 'tools'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const written = files.filter((file) =>
    /(['"`])-[^'"`\n]*\.\.\.[>\]]\1|\.variadic\b/.test(readFileSync(file, 'utf8')),
  );
  expect(written).toEqual([]);
});

test('one that did would be seen', () => {
  const program = new Command('holdshort');
  program.command('judge').option('--environment <NAMES...>', 'where');
  expect(variadicIn(program)).toEqual(['judge --environment <NAMES...>']);
});
