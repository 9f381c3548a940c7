import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageAbout } from '../scenes/page-process.ts';
import { type Scene, setScene } from '../scenes/whole.ts';

/* A stack of four resources is to be deleted: five things go, the stack itself among them. */

let scene: Scene;
let ticket: string;

beforeAll(async () => {
  const queue = { Type: 'AWS::SQS::Queue' };
  scene = await setScene({
    stacks: [{ name: 'app', template: { Resources: { A: queue, B: queue, C: queue, D: queue } } }],
  });
  ticket = (await scene.ask('cloudformation_delete_stack', { stack_name: 'app' })).id;
}, 60_000);
afterAll(async () => await scene?.[Symbol.asyncDispose]());

/** The numbers that a text has beside these words. */
function numbersIn(text: string, words: RegExp): readonly string[] {
  return [...text.matchAll(words)].flatMap(([, ...groups]) => groups.filter((group) => group !== undefined));
}

test('B16: a terminal says one number of what goes, wherever it says one', async () => {
  const { stdout } = await scene.place.cli(['tickets', 'show', ticket]);
  const said = numbersIn(
    stdout,
    /DELETE (\d+)|delete (\d+)\b|deletes (\d+)|what would happen \((\d+)\)|; (\d+) can't be put back/g,
  );
  expect(said.length).toBeGreaterThanOrEqual(4);
  expect(new Set(said)).toEqual(new Set(['5']));
  expect(stdout).not.toMatch(/\d of (its )?\d/);
});

test('B16: so does the page, in words, figures and its picture', async () => {
  const { page } = await pageAbout(scene.place, ticket);
  const drawn = page.slice(page.indexOf('<svg class="wide"'), page.indexOf('<svg class="narrow"'));
  expect(drawn.match(/class="name"/g)).toHaveLength(5);
  const text = page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  const numbers = numbersIn(
    text,
    /DELETE (\d+)|[Dd]eletes? (\d+)\b|deleted (\d+)|(\d+) deleted\b|can be put back as they were (?:0 of )?(\d+)/g,
  );
  expect(numbers.length).toBeGreaterThanOrEqual(3);
  expect(new Set(numbers)).toEqual(new Set(['5']));
});
