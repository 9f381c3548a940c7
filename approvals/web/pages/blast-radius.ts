import { type Effect, isDestructive } from '../../../src/kernel/effects.ts';
import type { Impact, PlanRecord } from '../../../src/kernel/plan.ts';
import { shortName } from '../../../src/kernel/safe-text.ts';
import type { Target } from '../../../src/kernel/target.ts';
import { effectCounts, number } from '../../render/words.ts';
import { type Html, html, NOTHING } from '../html.ts';
import { effectShape, effectWord } from './effect-mark.ts';
import { labelsOf } from './labels.ts';

/** Two drawings of the same: text in a picture doesn't wrap, so a phone gets one of its own. */
const DRAWINGS = [
  { name: 'wide', width: 776, columns: 4 },
  { name: 'narrow', width: 364, columns: 2 },
] as const;

const GAP = 8;
const PADDING = 12;
/** A box whose name takes one row; and each further row. */
const TILE = 58;
const ROW = 14;
const MOST_ROWS = 2;
const INSET = 9;
const HEADING = 26;
const TITLE = 24;
const MOST_TILES = 12;
/** The most resources of each effect that a screen reader reads aloud, and the most characters of each name. */
const MOST_READ = 6;
const READ_ROOM = 64;
/** How wide a character of the drawing's monospaced fonts is. */
const NAME_WIDTH = 7.3;
const SMALL_WIDTH = 6.1;
const TITLE_WIDTH = 8.5;

/** The plan's resources as a picture: what goes, what is replaced, what can't be told, what changes and stays. */
export function blastRadius({ impact, targets }: PlanRecord): Html {
  if (impact.length === 0)
    return html`<p class="danger">Planning could not say which resources this would touch, so there is nothing to draw.</p>`;
  return html`<figure class="blast">
${DRAWINGS.map((drawing) => draw(targets, impact, drawing))}
<figcaption>Each box is one resource, grouped by what happens to it: dashed boxes are gone afterwards, double ones are replaced by new ones, the others stay or are new. Of long names it shows both ends. The table below has everything.</figcaption>
</figure>`;
}

/** Groups are side by side as long as there are columns left. */
function draw(
  targets: readonly Target[],
  impact: readonly Impact[],
  { name, width, columns }: (typeof DRAWINGS)[number],
): Html {
  const room = (width - 2 * PADDING - GAP * (columns - 1)) / columns;
  const shown = firstOf(impact, MOST_TILES);
  const labels = labelsOf(
    shown.flatMap(({ lines }) => lines),
    MOST_ROWS * charactersIn(room - 2 * INSET, NAME_WIDTH),
  );
  let column = 0;
  let y = TITLE + PADDING;
  let rowHeight = 0;
  const groups = shown.map((group) => {
    const wanted = Math.min(columns, group.count);
    if (column + wanted > columns) {
      y += rowHeight;
      column = 0;
      rowHeight = 0;
    }
    const x = PADDING + column * (room + GAP);
    const { drawn, height } = drawGroup(group, labels, { x, y, room, columns: wanted });
    column += wanted;
    rowHeight = Math.max(rowHeight, height);
    return drawn;
  });
  const height = y + rowHeight + PADDING - GAP;
  return html`<svg class="${name}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${altText(impact)}">
<rect class="around" x="1" y="1" width="${width - 2}" height="${height - 2}" rx="8"/>
<text class="title" x="${PADDING}" y="22">${titleOf(targets, charactersIn(width - 2 * PADDING, TITLE_WIDTH))}</text>
${groups}
</svg>
`;
}

interface Group {
  readonly effect: Effect;
  readonly count: number;
  /** Those that are shown. */
  readonly lines: readonly Impact[];
}

/** The first resources of each effect; where there are more than `most`, the last place says how many. */
function firstOf(impact: readonly Impact[], most: number): readonly Group[] {
  return effectCounts(impact).map(([effect, count]) => {
    const lines = impact.filter((line) => line.effect === effect);
    return { effect, count, lines: count > most ? lines.slice(0, most - 1) : lines };
  });
}

/** It is shown however long its name is: it says that there are more. */
function titleOf([target, ...others]: readonly Target[], room: number): string {
  if (!target) return '';
  const more = others.length > 0 ? ` and ${number(others.length)} more` : '';
  return `${shortName(target.name, room - more.length)}${more}`;
}

/** What the picture shows, for people who don't see it. */
function altText(impact: readonly Impact[]): string {
  const groups = firstOf(impact, MOST_READ);
  const labels = labelsOf(
    groups.flatMap(({ lines }) => lines),
    READ_ROOM,
  );
  const parts = groups.map(({ effect, count, lines }) => {
    const more = count > lines.length ? ` and ${number(count - lines.length)} more` : '';
    return `${number(count)} ${effectWord(effect)}: ${lines.map(({ resource }) => labels.get(resource)).join(', ')}${more}`;
  });
  return `Blast radius. ${parts.join('. ')}.`;
}

function drawGroup(
  { effect, count, lines }: Group,
  labels: ReadonlyMap<string, string>,
  at: Omit<Place, 'tile'> & { readonly columns: number },
) {
  const most = charactersIn(at.room - 2 * INSET, NAME_WIDTH);
  const names = lines.map(({ resource }) => rowsOf(labels.get(resource) ?? '', most));
  const tile = TILE + ROW * (Math.max(...names.map(({ length }) => length)) - 1);
  const left = count - lines.length;
  const place = (index: number) => ({
    x: at.x + (index % at.columns) * (at.room + GAP),
    y: at.y + HEADING + Math.floor(index / at.columns) * (tile + GAP),
    room: at.room,
    tile,
  });
  const rows = Math.ceil((lines.length + (left > 0 ? 1 : 0)) / at.columns);
  const drawn = html`<g class="group ${effect}">
<g class="shape" transform="translate(${round(at.x)} ${at.y + 4})">${effectShape(effect)}</g>
<text class="heading" x="${round(at.x + 22)}" y="${at.y + 17}">${effectWord(effect)} ${number(count)}</text>
${lines.map((line, index) => drawTile(line, names[index] ?? [], place(index)))}
${left > 0 ? drawMore(left, place(lines.length)) : NOTHING}
</g>
`;
  return { drawn, height: HEADING + rows * (tile + GAP) + GAP };
}

interface Place {
  readonly x: number;
  readonly y: number;
  /** Its width, and the height of a box. */
  readonly room: number;
  readonly tile: number;
}

function drawTile({ effect, type, recoverable }: Impact, name: readonly string[], place: Place): Html {
  const { x, y, room, tile } = place;
  const second = effect === 'replace' ? box({ x: x + 3, y: y + 3, room: room - 6, tile: tile - 6 }) : NOTHING;
  const lost = isDestructive(effect) && !recoverable;
  const left = round(x + INSET);
  const below = y + 20 + ROW * (name.length - 1);
  return html`${box(place)}${second}<text class="name">${name.map((row, at) => html`<tspan x="${left}" y="${y + 20 + ROW * at}">${row}</tspan>`)}</text><text class="type" x="${left}" y="${below + 15}">${shortName(type.replace(/^AWS::/, ''), charactersIn(room - 2 * INSET, SMALL_WIDTH))}</text>${lost ? html`<text class="lost" x="${left}" y="${below + 29}">not as it was</text>` : NOTHING}
`;
}

function drawMore(left: number, place: Place): Html {
  const { x, y, tile } = place;
  return html`${box(place)}<text class="name" x="${round(x + INSET)}" y="${y + tile / 2 + 4}">${number(left)} more</text>`;
}

function box({ x, y, room, tile }: Place): Html {
  return html`<rect x="${round(x)}" y="${y}" width="${round(room)}" height="${tile}" rx="5"/>`;
}

/** Text in a picture doesn't wrap. Nothing of it is lost, and no escape is cut in two. */
function rowsOf(label: string, most: number): readonly string[] {
  const rows: string[] = [];
  let rest = label;
  while (rest.length > most) {
    const row = rest.slice(0, most).replace(/\\[^}]*$/, '');
    rows.push(row);
    rest = rest.slice(row.length);
  }
  return [...rows, rest];
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}

function charactersIn(room: number, width: number): number {
  return Math.floor(room / width);
}
