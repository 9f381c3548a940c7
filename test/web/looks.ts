import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { expect } from 'vitest';
import type { Tab } from '../scenes/browser.ts';

const IMAGES = 'docs/images';

/** Everything that axe knows of WCAG A and AA. */
export async function violations(tab: Tab): Promise<string[]> {
  await tab.run(axe.source);
  return tab.run<string[]>(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary)))`,
  );
}

/** A picture for the documentation, where UPDATE_IMAGES=1 asks for new ones. */
export async function picture(tab: Tab, name: string, of?: string): Promise<void> {
  if (process.env.UPDATE_IMAGES !== '1') return;
  const png = Buffer.from(await tab.picture(of), 'base64');
  expect(png.length, `${name}.png is too large for the repository`).toBeLessThan(150_000);
  mkdirSync(IMAGES, { recursive: true });
  writeFileSync(join(IMAGES, `${name}.png`), png);
}
