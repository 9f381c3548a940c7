/** Tells the story: short lines, who does what, and whether it came out as expected. */
export interface Teller {
  /** How this program was started. */
  readonly command: string;
  readonly failures: () => readonly string[];
  chapter(title: string): void;
  agent(text: string): void;
  holdshort(text: string): void;
  person(text: string): void;
  /** A step that must come out as said; the story goes on, but doesn't end well, when it doesn't. */
  expect(what: string, came: boolean): void;
}

const WIDTH = 78;
const LABEL = 11;

export function teller(colour: boolean, command: string): Teller {
  const failures: string[] = [];
  const paint = (code: string, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  const speak = (who: string, code: string, text: string) => {
    const [first = '', ...rest] = wrap(text, WIDTH - LABEL);
    say(paint(code, who.padEnd(LABEL)) + first);
    for (const line of rest) say(' '.repeat(LABEL) + line);
  };
  return {
    command,
    failures: () => failures,
    chapter: (title) => say(`\n${paint('1', title)}`),
    agent: (text) => speak('agent', '36', text),
    holdshort: (text) => speak('holdshort', '33', text),
    person: (text) => speak('person', '32', text),
    expect(what, came) {
      if (came) return;
      failures.push(what);
      say(paint('1;31', `           NOT AS EXPECTED: ${what}`));
    },
  };
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
