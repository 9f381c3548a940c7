const SECRET_NAME =
  /pass(word|wd|phrase|code)|secret|token|credential|private_?-?key|api_?-?key|access_?-?key|connection_?-?string|user_?-?data|^(pw|pwd)$/i;

/** Does the name say that the value is a secret? An agent, a plan and a log have no use for it either way. */
export function namesSecret(name: string): boolean {
  // Of a path, such as `Parameters.Pwd`, the last part is the name.
  return SECRET_NAME.test(name) || SECRET_NAME.test(name.replace(/^.*[.:/]/, ''));
}
