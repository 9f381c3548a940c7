const SECRET_NAME =
  /pass(word|wd|phrase|code)|secret|token|credential|private_?-?key|api_?-?key|access_?-?key|connection_?-?string|user_?-?data|^(pw|pwd)$/i;

/** Does the name say that the value is a secret? An agent, a plan and a log have no use for it either way. */
export function namesSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}
