import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';

/* The script of the page in which a test's chat client renders a card. */

declare const window: any;
declare const document: any;

const { tool, args, theme } = window.first;

async function post(path: string, body: unknown): Promise<any> {
  return (await fetch(path, { method: 'POST', body: JSON.stringify(body) })).json();
}

const frame = document.querySelector('iframe');
const bridge = new AppBridge(
  null,
  { name: 'test-host', version: '1' },
  { openLinks: {}, serverTools: {}, updateModelContext: { text: {} } },
  {
    hostContext: { theme },
  },
);
bridge.oncalltool = (params) => post('/call', params);
bridge.onopenlink = async ({ url }) => {
  await post('/open', { url });
  return {};
};
bridge.onupdatemodelcontext = async ({ content }) => {
  await post('/tell', { text: content?.map((block: any) => block.text).join() });
  return {};
};
bridge.oninitialized = async () => {
  await bridge.sendToolInput({ arguments: args });
  await bridge.sendToolResult(await post('/call', { name: tool, arguments: args }));
};
await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
frame.src = '/card';
