/*
 * A person is sent to the issuer to log in, and comes back. What they signed waits here, in this tab: an answer to a
 * login that wasn't begun in it finds nothing.
 */

/** What the server says where a login is needed. */
export interface Away {
  readonly address: string;
  readonly state: string;
  readonly held: string;
  readonly answers: string;
}

interface Kept extends Pick<Away, 'held' | 'answers'> {
  readonly s: string;
  readonly back: string;
}

const name = (state: string) => `holdshort login ${state}`;

export function leave({ address, state, held, answers }: Away, s: string): void {
  sessionStorage.setItem(name(state), JSON.stringify({ held, answers, s, back: location.href } satisfies Kept));
  location.assign(address);
}

/**
 * On the page to which the issuer sends the browser.
 * @param bring takes what came back to the server, and says where to go on
 */
export async function comeBack(
  said: Element,
  bring: (answers: string, body: Record<string, unknown>) => Promise<{ readonly go: string }>,
): Promise<void> {
  const answer = new URLSearchParams(location.search);
  const state = answer.get('state') ?? '';
  const stored = sessionStorage.getItem(name(state));
  // The code is good for once; it needn't stand in the history.
  history.replaceState(null, '', location.pathname);
  if (stored === null) {
    said.textContent = 'Nothing was decided: this login was not begun in this tab. Open the ticket and decide there.';
    return;
  }
  sessionStorage.removeItem(name(state));
  const { held, answers, s, back }: Kept = JSON.parse(stored);
  const link = document.querySelector('[data-back]');
  link?.querySelector('a')?.setAttribute('href', back);
  const code = answer.get('code');
  if (code === null) {
    const error = answer.get('error') ?? '';
    said.textContent = `Nothing was decided: the login did not come about${/^[a-z_]{1,64}$/.test(error) ? ` (${error})` : ''}. You may decide again.`;
    link?.removeAttribute('hidden');
    return;
  }
  try {
    const { go } = await bring(answers, { s, held, state, code, iss: answer.get('iss') });
    location.replace(go);
  } catch (error) {
    said.textContent = `Nothing was decided. Refused: ${error instanceof Error ? error.message : String(error)}`;
    link?.removeAttribute('hidden');
  }
}
