/*
 * Keeps a page as it is on the server. What the server sends for a part (`data-live`) takes the place of what that part
 * held; nothing is made here from text. Nothing moves while a passkey is asked, in a form that a person is in, or below
 * text that they have marked.
 *
 * The plan itself never changes. The attacker may write the database while someone reads: once the server has another
 * plan under this ticket, nothing of it is taken in, and nothing can be decided here any more.
 */

const SOON_MS = 2_000;
const LATE_MS = 15_000;
const UNREACHED_MS = 60_000;
const ANSWER_MS = 10_000;
/** From one field to the next there is a moment in which none has the focus. */
const LEFT_MS = 1_000;

interface Following {
  /** Makes the forms of a part work. */
  readonly bind: (part: Element) => void;
  /** Is a passkey being asked? */
  readonly isBusy: () => boolean;
}

interface Follower {
  /** A passkey was asked, and isn't any more. */
  readonly freed: () => void;
}

/**
 * Follows the page on the server until nothing changes there any more. Call it before anything of the page is altered.
 */
export function follow(secret: string, { bind, isBusy }: Following): Follower {
  const main = document.querySelector<HTMLElement>('main[data-from]');
  const { from, digest } = main?.dataset ?? {};
  if (!main || from === undefined) return { freed() {} };
  const address = `${from}?s=${encodeURIComponent(secret)}`;
  /** Each part as the server last sent it, and those that are not on the page yet. */
  const sent = new Map(partsOf(document).map(([name, part]) => [name, part.cloneNode(true)]));
  const waiting = new Map<string, Element>();
  const said = status('heard', (element) => main.after(element));
  const unreached = status('unreached', (element) => main.before(element));
  let { now = '', over } = main.dataset;
  // By the reader's own clock, since it is told to them: when this page last heard of anything.
  let seen = new Date();
  let failures = 0;
  let delay = SOON_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;

  const later = () => {
    clearTimeout(timer);
    if (over === undefined) timer = setTimeout(look, delay);
  };

  const show = () => {
    for (const [name, fresh] of waiting) {
      const part = partsOf(document).find(([other]) => other === name)?.[1];
      if (part && isHeld(part, isBusy())) continue;
      waiting.delete(name);
      if (part) replace(part, fresh, bind);
    }
  };

  const take = (fresh: Document, newest: DOMStringMap) => {
    let changed = false;
    for (const [name, part] of partsOf(fresh)) {
      if (sent.get(name)?.isEqualNode(part)) continue;
      sent.set(name, part.cloneNode(true));
      waiting.set(name, part);
      changed = true;
    }
    document.title = fresh.title;
    if (newest.now !== undefined && newest.now !== now) {
      now = newest.now;
      said.textContent = now;
    }
    over = newest.over;
    show();
    return changed;
  };

  const end = () => {
    over = '';
    waiting.clear();
    unreached.replaceChildren(...otherPlan());
    for (const buttons of main.querySelectorAll('form .buttons')) {
      const said = document.createElement('p');
      said.className = 'caution';
      said.append(...otherPlan());
      buttons.replaceWith(said);
    }
  };

  const fail = (text: string) => {
    failures++;
    // One failure may be a page that is being left, or a network that just wakes up.
    if (failures > 1) unreached.textContent = text;
    delay = Math.min(failures === 1 ? SOON_MS : delay * 2, UNREACHED_MS);
  };

  async function look(): Promise<void> {
    if (asking || over !== undefined) return;
    asking = true;
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const answer = await fetch(address, { cache: 'no-store', redirect: 'error', signal });
      const text = await answer.text();
      const fresh = new DOMParser().parseFromString(text, 'text/html');
      const newest = fresh.querySelector<HTMLElement>('main[data-from]')?.dataset;
      // What a proxy says in our place (to sign in again) is not the page either.
      if (answer.ok && newest && newest.from === from && newest.digest !== digest) end();
      else if (answer.ok && newest && newest.from === from) {
        const changed = take(fresh, newest);
        [seen, failures] = [new Date(), 0];
        unreached.textContent = '';
        delay = changed ? SOON_MS : Math.min(delay * 1.25, LATE_MS);
      } else
        fail(
          `This page isn't kept up to date: the answer is another one (${answer.status}). ${since(seen)} Load it again.`,
        );
    } catch {
      fail(`Holdshort can't be reached. ${since(seen)} It is tried again.`);
    } finally {
      asking = false;
      later();
    }
  }

  const soon = () => {
    delay = SOON_MS;
    void look();
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') soon();
  });
  addEventListener('online', soon);
  document.addEventListener('focusout', () => setTimeout(show, LEFT_MS));
  later();
  return {
    freed() {
      show();
      // Why it was refused is perhaps something that this page doesn't show yet.
      soon();
    },
  };
}

function otherPlan(): readonly (string | Node)[] {
  const again = document.createElement('a');
  again.href = location.pathname + location.search;
  again.textContent = 'Load it again';
  const what =
    'This ticket was changed: its plan is not the one on this page any more, and nothing can be decided here. ';
  return [what, again, ', and read what it is now.'];
}

function since(seen: Date): string {
  return `What is shown is of ${seen.toISOString().slice(11, 19)} UTC.`;
}

function partsOf(root: Document): readonly (readonly [string, HTMLElement])[] {
  return [...root.querySelectorAll<HTMLElement>('[data-live]')].map((part) => [part.dataset.live ?? '', part]);
}

/** Where screen readers hear of it: there before anything is said, so that the first words are heard too. */
function status(name: string, put: (element: HTMLElement) => void): HTMLElement {
  const made = document.createElement('p');
  made.className = name;
  made.setAttribute('role', 'status');
  put(made);
  return made;
}

function isHeld(part: Element, busy: boolean): boolean {
  const inForm = part.querySelector('form') !== null && part.contains(document.activeElement);
  const marked = getSelection();
  return busy || inForm || (marked !== null && !marked.isCollapsed && marked.containsNode(part, true));
}

/**
 * The element stays, and with it what it is called; what was typed and where the focus was is kept as far as it is
 * still there.
 */
function replace(part: Element, fresh: Element, bind: Following['bind']): void {
  const typed = [...part.querySelectorAll<HTMLInputElement | HTMLSelectElement>('select[id], textarea[id], input[id]')];
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  part.replaceChildren(...document.importNode(fresh, true).childNodes);
  for (const { id, value } of typed) {
    const field = part.querySelector<HTMLInputElement | HTMLSelectElement>(`#${CSS.escape(id)}`);
    // A choice may be gone.
    if (field && (!(field instanceof HTMLSelectElement) || isChoice(field, value))) field.value = value;
  }
  bind(part);
  const href = focused?.getAttribute('href');
  if (href) part.querySelector<HTMLElement>(`[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
}

function isChoice({ options }: HTMLSelectElement, value: string): boolean {
  return [...options].some((option) => option.value === value);
}
