import { expect, test, vi } from 'vitest';
import { sha256 } from '../../src/kernel/digest.ts';
import { rehearse, type Source } from '../../src/rehearsal/rehearse.ts';

/* What AWS tells is played in a thread: one that breaks off takes nothing with it, and many stand in line. */

const ARN = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/6f3c2e10-8a1b-11ef-9abc-0a1b2c3d4e5f';

/** AWS, where the stack has this template. */
function telling(template: string): Source {
  const stack = {
    ...{ stack_id: ARN, stack_name: 'shop', stack_status: 'CREATE_COMPLETE', template, termination_protection: false },
    ...{
      parameters: {},
      untold_parameters: [],
      tags: {},
      capabilities: [],
      notification_arns: [],
      rollback: { triggers: [], minutes: 0 },
    },
    ...{ outputs: [], resources: [] },
  };
  const cloudformation = { stack: async () => stack };
  return { keepers: async () => ({ cloudformation }) as never, now: async () => new Date().toISOString() };
}

const deletion = (template: string) =>
  ({
    ...{ ticket: 'tkt_00000000000000000000', tool: 'cloudformation_delete_stack', account: '123456789012' },
    ...{ region: 'eu-west-1', arguments: { stack_name: 'shop' }, impact: [] },
    guard: { template_sha256: sha256(template), stack_status: 'CREATE_COMPLETE' },
    targets: [{ id: ARN, name: 'shop', type: 'AWS::CloudFormation::Stack', tags: {} }],
  }) as never;

const QUEUE = '{"Resources":{"Jobs":{"Type":"AWS::SQS::Queue"}}}';
const play = async (template: string) => await rehearse(deletion(template), telling(template));

test('a thread that breaks off is told as no rehearsal, and the next one is played', async () => {
  const cut = '{"Resources": ';
  expect(await play(cut)).toMatchObject({ carried_through: false, why: expect.stringMatching(/^it broke off: /) });
  expect(await play(QUEUE)).toMatchObject({ carried_through: true, change: { ended: 'to_its_end' } });
});

test('what writes out without end is refused by the model', async () => {
  const names = Array.from({ length: 150 }, (_, n) => `a${n}`);
  const inner = { 'Fn::ForEach::C': ['C', names, { 'Q${A}${B}${C}': { Type: 'AWS::SQS::Queue' } }] };
  const Resources = { 'Fn::ForEach::A': ['A', names, { 'Fn::ForEach::B': ['B', names, inner] }] };
  const played = await play(JSON.stringify({ Transform: 'AWS::LanguageExtensions', Resources }));
  expect(played).toMatchObject({ carried_through: false, why: expect.stringContaining('writes out too much') });
});

test('many at once are played one after another, each to its end', async () => {
  const ended = await Promise.all(Array.from({ length: 4 }, () => play(QUEUE)));
  for (const one of ended) expect(one).toMatchObject({ carried_through: true, change: { ended: 'to_its_end' } });
});

test('its time begins with its turn: one that takes all of its own takes none of those in line', async () => {
  const started: AbortController[] = [];
  const clock = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
    const one = new AbortController();
    started.push(one);
    return one.signal;
  });
  try {
    const reading = Promise.withResolvers<void>();
    const silent = {
      ...telling(QUEUE),
      keepers: async (_: string, over: AbortSignal) => {
        reading.resolve();
        return await new Promise<never>((_, reject) => over.addEventListener('abort', () => reject(over.reason)));
      },
    };
    const first = rehearse(deletion(QUEUE), silent);
    const second = play(QUEUE);
    await reading.promise;
    // 20 seconds later.
    for (const one of started) one.abort();
    expect(await first).toMatchObject({ carried_through: false, why: 'it took longer than 20 seconds' });
    expect(await second).toMatchObject({ carried_through: true, change: { ended: 'to_its_end' } });
  } finally {
    clock.mockRestore();
  }
});
