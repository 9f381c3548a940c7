import type { Terminal } from '../../src/present/command-result.ts';

/** What a person types; a function is given all that they have seen, the question last. */
export type Answer = string | ((shown: readonly string[]) => string);

/** The beginning of the fingerprint that is on the screen. */
export const readsFingerprint: Answer = (shown) => /SHA256:(.{8})/.exec(shown.at(-2) ?? '')?.[1] ?? '';

/** A person at a terminal who gives these answers, one after the other. */
export function terminalOf(answers: readonly Answer[] | undefined): Terminal & { readonly shown: string[] } {
  const left = [...(answers ?? [])];
  const shown: string[] = [];
  const answer = async (question: string) => {
    shown.push(question);
    const next = left.shift();
    if (next === undefined) throw new Error(`nobody answers ${question}`);
    return typeof next === 'string' ? next : next(shown);
  };
  return {
    interactive: answers !== undefined,
    width: 80,
    shown,
    show: (text) => void shown.push(text),
    showAside: (text) => void shown.push(text),
    ask: answer,
    askSecret: answer,
  };
}
