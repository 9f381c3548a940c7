import type { PasskeyHere } from '../context.ts';
import { type Html, html, NOTHING } from '../html.ts';

interface Option {
  readonly value: string;
  readonly text: string;
  /** Whose it is, or who it is. */
  readonly name: string;
}

/**
 * A choice between people, or between keys of theirs. Where there are several people nobody is chosen beforehand:
 * otherwise one who clicks without looking decides, enrolls or is bound in the name of the first of them.
 */
export function personChoice(id: string, field: string, options: readonly Option[]): Html {
  const several = new Set(options.map(({ name }) => name)).size > 1;
  return html`<select id="${id}" name="${field}" required>
${several ? html`<option value="">choose one</option>` : NOTHING}
${options.map(({ value, text }) => html`<option value="${value}">${text}</option>`)}
</select>`;
}

/** Which passkey signs. */
export function signerChoice(id: string, signers: readonly PasskeyHere[], more?: 'with its proof'): Html {
  const optionOf = ({ id: value, name, maxAssurance }: PasskeyHere) => ({
    value,
    name,
    text: `${name} - ${more ? `${maxAssurance} - ` : ''}${value.slice(0, 17)}`,
  });
  return personChoice(id, 'key', signers.map(optionOf));
}
