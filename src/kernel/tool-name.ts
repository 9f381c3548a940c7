/** `SERVICE_do_this` is `SERVICE:DoThis`: what policy and IAM call a tool. */
export function actionOf(tool: string): string {
  const [service = '', ...words] = tool.split('_');
  return `${service}:${words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')}`;
}
