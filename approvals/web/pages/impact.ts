import { isDestructive } from '../../../src/kernel/effects.ts';
import type { Impact, PlanRecord, PropertyDifference } from '../../../src/kernel/plan.ts';
import { propertiesShown, REPLACES } from '../../render/impact.ts';
import { effectCounts, nameText, number, outside, worstFirst } from '../../render/words.ts';
import { type Html, html, NOTHING } from '../html.ts';
import { effectMark } from './effect-mark.ts';

const MOST_LINES = 200;
const MOST_TARGETS = 100;
const VALUE = 200;

/** Every resource that the plan touches, worst first; of very many, the others are counted by effect. */
export function impactTable({ impact, ticket }: PlanRecord): Html {
  const lines = worstFirst(impact);
  const left = lines.slice(MOST_LINES);
  return html`<table class="impact">
<thead><tr><th scope="col">Effect</th><th scope="col">Resource</th><th scope="col">What happens</th></tr></thead>
<tbody>
${lines.slice(0, MOST_LINES).map(impactRow)}
</tbody>
</table>
${
  left.length > 0
    ? html`<p class="caution">${number(left.length)} more: ${effectCounts(left)
        .map(([effect, count]) => `${number(count)} ${effect}`)
        .join(', ')}. See them with <code class="command">holdshort tickets show ${ticket} --json</code></p>`
    : NOTHING
}`;
}

function impactRow(line: Impact): Html {
  const { effect, resource, type, recoverable } = line;
  const back = recoverable ? 'can be put back' : "can't be put back as it was";
  return html`<tr><td>${effectMark(effect)}</td><th scope="row"><span class="resource">${nameText(resource, 200)}</span> <span class="type">${outside(type, 80)}</span></th><td>${details(line)}${isDestructive(effect) ? html`<span class="${recoverable ? 'back' : 'lost'}">${back}</span>` : NOTHING}</td></tr>
`;
}

/** Our own findings in words, then what each property was and will be. */
function details(line: Impact): Html {
  const { detail } = line;
  const { shown, more } = propertiesShown(line);
  if (detail === '' && shown.length === 0) return NOTHING;
  return html`<ul class="details">${detail === '' ? NOTHING : html`<li>${outside(detail, 3000)}</li>`}${shown.map(
    (one) => html`<li>${difference(one)}</li>`,
  )}${more.map((text) => html`<li class="caution">${text}</li>`)}</ul>`;
}

function difference({ name, before, after, replaces }: PropertyDifference): Html {
  const values =
    before === undefined && after === undefined
      ? 'changes, and its values are not told'
      : html`${was(before)} <span class="arrow" aria-label="becomes">-&gt;</span> ${is(after)}`;
  return html`<span class="property">${nameText(name, 120)}</span> ${values}${replaces ? html` <span class="lost">${REPLACES[replaces]}</span>` : NOTHING}`;
}

function was(value: string | undefined): Html {
  return value === undefined ? html`<span class="note">none</span>` : html`<del>${nameText(value, VALUE)}</del>`;
}

function is(value: string | undefined): Html {
  return value === undefined ? html`<span class="note">none</span>` : html`<ins>${nameText(value, VALUE)}</ins>`;
}

/** All the targets, where the first screen had no room for them. */
export function allTargets({ targets }: PlanRecord): Html {
  if (targets.length <= 2) return NOTHING;
  const left = targets.length - MOST_TARGETS;
  return html`<section aria-labelledby="targets"><h2 id="targets">All ${number(targets.length)} targets</h2>
<ul class="targets">
${targets.slice(0, MOST_TARGETS).map(({ name, id }) => html`<li><strong>${nameText(name, 128)}</strong>${id === name ? NOTHING : html` <code>${outside(id, 225)}</code>`}</li>`)}
</ul>
${left > 0 ? html`<p class="caution">${number(left)} more: see them with <code class="command">holdshort tickets show --json</code></p>` : NOTHING}</section>
`;
}
