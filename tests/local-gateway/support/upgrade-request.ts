/** The bytes of an upgrade request, for tests that need the bare socket. */
export function upgradeRequest(
  path: string,
  headers: Readonly<Record<string, string>> = {},
): string {
  const lines = Object.entries({
    Host: "127.0.0.1",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}
