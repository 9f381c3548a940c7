import { type Effect, isDestructive } from '../../../src/kernel/effects.ts';
import type { Impact, PlanRecord } from '../../../src/kernel/plan.ts';
import { effectCounts, nameText, number, outside } from '../../render/words.ts';
import { type Html, html, NOTHING } from '../html.ts';
import { effectShape, effectWord } from './effect-mark.ts';

/** Two drawings of the same: text in a picture doesn't wrap, so a phone gets one of its own. */
const DRAWINGS = [
  { name: 'wide', width: 776, columns: 4 },
  { name: 'narrow', width: 364, columns: 2 },
] as const;

const GAP = 8;
const PADDING = 12;
const TILE = 58;
const HEADING = 26;
const TITLE = 24;
const MOST_TILES = 12;
/** How wide a character of the drawing's monospaced fonts is. */
const NAME_WIDTH = 7.3;
const SMALL_WIDTH = 6.1;
const TITLE_WIDTH = 8.5;

/** The plan's resources as a picture: what goes, what is replaced, what can't be told, what changes and stays. */
export function blastRadius({ impact, targets }: PlanRecord): Html {
  if (impact.length === 0)
    return html`<p class="danger">Planning could not say which resources this would touch, so there is nothing to draw.</p>`;
  const [target, ...others] = targets;
  const title = target
    ? `${nameText(target.name, 64)}${others.length > 0 ? ` and ${number(others.length)} more` : ''}`
    : '';
  return html`<figure class="blast">
${DRAWINGS.map((drawing) => draw(title, impact, drawing))}
<figcaption>Each box is one resource, grouped by what happens to it: dashed boxes are gone afterwards, double ones are replaced by new ones, the others stay or are new. All of them stand in the table below.</figcaption>
</figure>`;
}

/** Groups stand side by side as long as there are columns left. */
function draw(title: string, impact: readonly Impact[], { name, width, columns }: (typeof DRAWINGS)[number]): Html {
  const room = (width - 2 * PADDING - GAP * (columns - 1)) / columns;
  let column = 0;
  let y = TITLE + PADDING;
  let rowHeight = 0;
  const groups = effectCounts(impact).map(([effect, count]) => {
    const lines = impact.filter((line) => line.effect === effect);
    const wanted = Math.min(columns, lines.length);
    if (column + wanted > columns) {
      y += rowHeight;
      column = 0;
      rowHeight = 0;
    }
    const x = PADDING + column * (room + GAP);
    const group = drawGroup(effect, count, lines, { x, y, room, columns: wanted });
    column += wanted;
    rowHeight = Math.max(rowHeight, group.height);
    return group.drawn;
  });
  const height = y + rowHeight + PADDING - GAP;
  return html`<svg class="${name}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${altText(impact)}">
<rect class="around" x="1" y="1" width="${width - 2}" height="${height - 2}" rx="8"/>
<text class="title" x="${PADDING}" y="22">${shortened(title, width - 2 * PADDING, TITLE_WIDTH)}</text>
${groups}
</svg>
`;
}

/** What the picture shows, for who doesn't see it. */
function altText(impact: readonly Impact[]): string {
  const parts = effectCounts(impact).map(([effect, count]) => {
    const names = impact.filter((line) => line.effect === effect).slice(0, 5);
    const more = count > names.length ? ` and ${number(count - names.length)} more` : '';
    return `${number(count)} ${effectWord(effect)}: ${names.map((line) => nameOf(line, 40)).join(', ')}${more}`;
  });
  return `Blast radius. ${parts.join('. ')}.`;
}

function drawGroup(
  effect: Effect,
  count: number,
  lines: readonly Impact[],
  at: { readonly x: number; readonly y: number; readonly room: number; readonly columns: number },
) {
  // The last box says how many are not drawn.
  const shown = lines.length > MOST_TILES ? lines.slice(0, MOST_TILES - 1) : lines;
  const left = lines.length - shown.length;
  const place = (index: number) => ({
    x: at.x + (index % at.columns) * (at.room + GAP),
    y: at.y + HEADING + Math.floor(index / at.columns) * (TILE + GAP),
    room: at.room,
  });
  const rows = Math.ceil((shown.length + (left > 0 ? 1 : 0)) / at.columns);
  const drawn = html`<g class="group ${effect}">
<g class="shape" transform="translate(${round(at.x)} ${at.y + 4})">${effectShape(effect)}</g>
<text class="heading" x="${round(at.x + 22)}" y="${at.y + 17}">${effectWord(effect)} ${number(count)}</text>
${shown.map((line, index) => drawTile(line, place(index)))}
${left > 0 ? drawMore(left, place(shown.length)) : NOTHING}
</g>
`;
  return { drawn, height: HEADING + rows * (TILE + GAP) + GAP };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly room: number;
}

function drawTile(line: Impact, { x, y, room }: Place): Html {
  const { effect, type, recoverable } = line;
  const second = effect === 'replace' ? box(x + 3, y + 3, room - 6, TILE - 6) : NOTHING;
  const lost = isDestructive(effect) && !recoverable;
  return html`${box(x, y, room, TILE)}${second}<text class="name" x="${round(x + 9)}" y="${y + 20}">${shortened(nameOf(line, 64), room - 18, NAME_WIDTH)}</text><text class="type" x="${round(x + 9)}" y="${y + 35}">${lastOf(outside(type.replace(/^AWS::/, ''), 60), room - 18, SMALL_WIDTH)}</text>${lost ? html`<text class="lost" x="${round(x + 9)}" y="${y + 49}">can't be put back</text>` : NOTHING}
`;
}

function drawMore(left: number, { x, y, room }: Place): Html {
  return html`${box(x, y, room, TILE)}<text class="name" x="${round(x + 9)}" y="${y + 33}">${number(left)} more</text>`;
}

function box(x: number, y: number, width: number, height: number): Html {
  return html`<rect x="${round(x)}" y="${y}" width="${round(width)}" height="${height}" rx="5"/>`;
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}

/** The last part of an ARN or address is what tells resources apart; the table has the whole. */
function nameOf({ resource }: Impact, limit: number): string {
  const arn = /^arn:aws[a-z-]*:[^:]*:[^:]*:[^:]*:(.+)$/.exec(resource)?.[1];
  return nameText(arn ?? resource, limit);
}

function shortened(text: string, room: number, character: number): string {
  const most = Math.floor(room / character);
  return text.length <= most ? text : `${text.slice(0, most - 3)}...`;
}

/** Of a type the end says what it is: a listener or the whole load balancer. The table has all of it. */
function lastOf(text: string, room: number, character: number): string {
  const most = Math.floor(room / character);
  return text.length <= most ? text : `...${text.slice(3 - most)}`;
}
