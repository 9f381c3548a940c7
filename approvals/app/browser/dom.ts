/* Elements that hold text and other elements. There is no way here to make one from markup. */

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  name: string,
  ...children: readonly (HTMLElement | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...children);
  return made;
}

/** One that holds a text. */
export function part<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  name: string,
  text: string,
): HTMLElementTagNameMap[K] {
  return element(tag, name, text);
}

export function button(text: string, name: string, pressed: () => Promise<void>): HTMLButtonElement {
  const made = part('button', name, text);
  made.type = 'button';
  made.addEventListener('click', () => {
    pressed().catch((error: unknown) => {
      made.disabled = false;
      made.after(part('p', 'said', `This did not work: ${error instanceof Error ? error.message : String(error)}`));
    });
  });
  return made;
}
