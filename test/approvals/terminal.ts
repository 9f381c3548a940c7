import type { Terminal } from '../../src/kernel/command-result.ts';

/** A person at a terminal who gives these answers, one after the other. */
export function terminalOf(answers: readonly string[] | undefined): Terminal & { readonly shown: string[] } {
  const left = [...(answers ?? [])];
  const shown: string[] = [];
  const answer = async (question: string) => {
    shown.push(question);
    const next = left.shift();
    if (next === undefined) throw new Error(`nobody answers ${question}`);
    return next;
  };
  return {
    interactive: answers !== undefined,
    width: 80,
    shown,
    show: (text) => void shown.push(text),
    ask: answer,
    askSecret: answer,
  };
}
