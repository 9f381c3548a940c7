import { plain, plainWords } from '../../../tools/cloudformation/reach/targets.ts';
import { wrap } from '../../present/wrap.ts';
import type { Lines, NamedBy, Untold } from './known-lines.ts';
import type { Scanned } from './scan.ts';

/** What a scan found, for people. */
export interface Report extends Lines, Pick<Scanned, 'stacks' | 'unread'> {
  readonly account: string;
  /** Where the configuration lists accounts: the lines are this one's alone. */
  readonly account_name?: string | undefined;
  readonly region: string;
  readonly requests: number;
}

const SHOWN = 5;
const SHOWN_PLACES = 20;

/** A fragment of a configuration: what isn't `known:` is comments. Its lines are never broken, as they are pasted. */
export function reportText(report: Report, width: number): string {
  const { untold, settled, unreadable, unread } = report;
  const lines = untold.filter(({ known }) => known !== undefined);
  const unsettled = untold.filter(({ known }) => known === undefined);
  const note = (text: string, indent = '') => commented(text, width, indent);
  return [
    ...note(head(report)),
    ...(settled > 0 ? note(`${settled} more are settled by known: already.`) : []),
    ...reasons(untold, width),
    ...(lines.length === 0
      ? []
      : [
          '#',
          ...note('As they stand these lines change nothing: each names the environment that the thing counts as now.'),
          ...note('Set the one that it belongs to, of what you know; leave the others out.'),
          ...(report.account_name
            ? note(`They are for account ${report.account_name}: within its entry of accounts.`)
            : []),
          'known:',
          ...byType(lines, width),
        ]),
    ...(unsettled.length === 0
      ? []
      : [
          '#',
          ...note('No line settles these; name them by their whole ARN in the template:'),
          ...unsettled
            .slice(0, SHOWN_PLACES)
            .flatMap((one) => [
              ...note(`${plain(one.id)} (${plain(one.type)}): ${plainWords(one.because)}`, '  '),
              ...namedBy(one.named_by, width, '    '),
            ]),
          ...note(moreThan(unsettled.length), '  '),
        ]),
    ...places('What is named here only AWS resolves, when it is deployed:', unreadable, width),
    ...(unread.length === 0
      ? []
      : [
          '#',
          ...note('These stacks could not be read, so that what they name is not in here:'),
          ...unread
            .slice(0, SHOWN_PLACES)
            .flatMap(({ stack, why }) => note(`${plain(stack)}: ${plainWords(why)}`, '  ')),
          ...note(moreThan(unread.length), '  '),
        ]),
  ].join('\n');
}

function head({ account, region, stacks, requests, untold }: Report): string {
  const things = untold.length === 1 ? '1 thing' : `${untold.length} things`;
  return (
    `${account}, ${region}: ${stacks} ${stacks === 1 ? 'stack acts' : 'stacks act'} on or as ${things} of which nobody can tell whose ` +
    `they are. AWS was asked ${requests} times; nothing was changed.`
  );
}

/** Where look-ups failed, lines for `known:` are the wrong cure. */
function reasons(untold: readonly Untold[], width: number): readonly string[] {
  const failed = new Map<string, number>();
  for (const { because } of untold)
    if (/^[a-z-]+:\w+…?\w*: /.test(because)) failed.set(because, (failed.get(because) ?? 0) + 1);
  const seen = [...failed].map(([why, count]) => `${plainWords(why)} (${count})`).join(', ');
  if (seen === '') return [];
  return ['#', ...commented(`Some could not be asked: ${seen}. Let the role that reads do that first.`, width)];
}

function byType(lines: readonly Untold[], width: number): readonly string[] {
  let before = '';
  return lines.flatMap((one) => {
    const heading =
      one.type === before ? [] : commented(one.type === 'unknown' ? 'of no known type' : plain(one.type), width, '  ');
    before = one.type;
    return [
      ...heading,
      `  - ${one.known}`,
      ...commented(plainWords(one.because), width, '    '),
      ...namedBy(one.named_by, width, '    '),
    ];
  });
}

function namedBy(all: readonly NamedBy[], width: number, indent: string): readonly string[] {
  const texts = all.slice(0, SHOWN).map(({ stack, path, how }) => `${plain(stack)}: ${plain(path)} ${how} it`);
  const more = all.length > SHOWN ? [`and ${all.length - SHOWN} more`] : [];
  return [...texts, ...more].flatMap((text) => commented(text, width, indent));
}

function places(title: string, all: readonly NamedBy[], width: number): readonly string[] {
  if (all.length === 0) return [];
  const texts = all.slice(0, SHOWN_PLACES).map(({ stack, path }) => `${plain(stack)}: ${plain(path)}`);
  return [
    '#',
    ...commented(title, width),
    ...texts.flatMap((text) => commented(text, width, '  ')),
    ...commented(moreThan(all.length), width, '  '),
  ];
}

function moreThan(count: number): string {
  return count > SHOWN_PLACES ? `and ${count - SHOWN_PLACES} more` : '';
}

function commented(text: string, width: number, indent = ''): readonly string[] {
  if (text === '') return [];
  return wrap(text, width - indent.length - 2).map((line) => `${indent}# ${line}`.trimEnd());
}
