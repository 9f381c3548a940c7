import { expect, test, vi } from 'vitest';
import { useBrowser } from '../scenes/browser.ts';
import { impactOf } from '../scenes/installation.ts';
import { servedInstallation } from '../scenes/page.ts';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const browser = useBrowser();

/** The rows of each box's name. */
const LABELS = (drawing: string) =>
  `[...document.querySelectorAll('svg.${drawing} .group .name')].map((name) => [...name.children].map((row) => row.textContent))`;

test('D29: boxes show how names end, and no two resources look the same', async () => {
  const installation = await servedInstallation();
  const stack = 'payments-production-eu-west-1';
  const lambda = 'arn:aws:lambda:eu-west-1:123456789012:function:';
  const names = [
    `${stack}-OrdersTable-1ABCDEFGHIJKL`,
    `${stack}-OrdersTable-1ABCDEFGHIJKM`,
    'i-0abc1234def567890',
    // The same ends, and another middle.
    `${stack}-aaaaaa-${stack}-dead-letters`,
    `${stack}-bbbbbb-${stack}-dead-letters`,
    // Only the region differs.
    `${lambda}jobs`,
    `${lambda.replace('eu', 'us')}jobs`,
    'jobs',
    // What a label could be taken for.
    '"jobs #1"',
    'jobs #1',
    `pay\u202e${'c'.repeat(30)}\u202e\u202e-end`,
  ];
  const ticket = await installation.openTicket({
    impact: names.map((name) => impactOf('delete', name)),
    targets: ['one', 'two'].map((end) => ({
      id: `arn:aws:sqs:eu-west-1:123456789012:${stack.repeat(4)}-${end}`,
      type: 'AWS::SQS::Queue',
      name: `${stack.repeat(4)}-${end}`,
      tags: {},
    })),
  });
  const tab = await browser().tab();
  await tab.goto(installation.links.ticket(ticket.id));
  for (const [drawing, most] of [
    ['wide', 22],
    ['narrow', 20],
  ] as const) {
    const rows = await tab.run<string[][]>(LABELS(drawing));
    const labels = rows.map((all) => all.join(''));
    expect(labels).toHaveLength(names.length);
    expect(new Set(labels).size, labels.join('\n')).toBe(names.length);
    for (const row of rows.flat()) {
      expect(row.length, row).toBeLessThanOrEqual(most);
      expect(row).not.toMatch(/\\(?!u\{[0-9a-f]+\})/);
    }
    expect(labels[0]).toMatch(/^payments-p.*\.\.\..*OrdersTable-1ABCDEFGHIJKL$/);
    expect(labels[2]).toBe('i-0abc1234def567890');
    expect(labels[3]).toMatch(/-letters #\d$/);
    expect(await tab.run(`document.querySelector('svg.${drawing} .title').textContent`)).toMatch(
      /^payment.*\.\.\..*-one and 1 more$/,
    );
  }
  const read = await tab.run<string>(`document.querySelector('svg.wide').getAttribute('aria-label')`);
  expect(read).toContain(`${stack}-OrdersTable-1ABCDEFGHIJKL`);
  // Nothing is drawn over the edge of its box.
  const over = await tab.run<string[]>(`[...document.querySelectorAll('svg.wide .group text')].filter((text) => {
    const { right } = text.getBoundingClientRect();
    return ![...text.parentNode.querySelectorAll('rect')].some((box) => box.getBoundingClientRect().right >= right);
  }).map((text) => text.textContent)`);
  expect(over).toEqual([]);
});

test('D29: who is told of a name that is too long for the page sees how it ends', async () => {
  const installation = await servedInstallation();
  const long = `${'payments-'.repeat(40)}orders`;
  const ticket = await installation.openTicket({
    impact: [impactOf('delete', long)],
    targets: [{ id: long, type: 'AWS::SQS::Queue', name: long, tags: {} }],
  });
  const tab = await browser().tab();
  await tab.goto(installation.links.ticket(ticket.id));
  const ends = /\.\.\.[a-z-]*payments-orders \[\d+ more characters; sha256 [0-9a-f]{16}\]/;
  expect(await tab.text('.impact .resource')).toMatch(ends);
  expect(await tab.text('.targets strong')).toMatch(ends);
  await tab.goto(installation.links.list());
  expect(await tab.text('tbody a')).toMatch(ends);
});
