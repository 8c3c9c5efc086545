import type { IncomingMessage } from "node:http";
import type { WebSocketServer } from "ws";

const HEADER = "Sec-WebSocket-Extensions";
const EXTENSION = "permessage-deflate";
/** The base-2 logarithm of a window's size: 8 to 15, perhaps in quotes. */
const WINDOW_BITS = /^"?(8|9|1[0-5])"?$/;
const MAX_WINDOW_BITS = "15";

/**
 * The answer of API Gateway to a `Sec-WebSocket-Extensions` header, for example
 * `permessage-deflate;server_max_window_bits=12`, without a blank: the first offer that it accepts. Undefined when it
 * accepts none, and then the upgrade succeeds without the extension. One such answer was recorded on AWS. Its form is
 * that of Netty's server, so the other rules are Netty's, too.
 *
 * @see https://github.com/python-websockets/websockets/issues/1065
 * @see https://github.com/netty/netty/blob/4.1/codec-http/src/main/java/io/netty/handler/codec/http/websocketx/extensions/compression/PerMessageDeflateServerExtensionHandshaker.java
 */
function deflateAnswer(offers: string): string | undefined {
  for (const offer of offers.split(",")) {
    const [name, ...parameters] = offer.split(";").map((part) => part.trim());
    const answer = name === EXTENSION ? answerToParameters(parameters) : undefined;
    if (answer !== undefined) {
      return answer;
    }
  }
  return;
}

function answerToParameters(parameters: readonly string[]): string | undefined {
  let serverBits = MAX_WINDOW_BITS;
  for (const parameter of parameters) {
    const [name = "", value = ""] = parameter.split("=", 2);
    switch (name.toLowerCase()) {
      // Both only give the server a choice: it may leave the client as it is.
      case "client_max_window_bits":
      case "client_no_context_takeover":
        break;
      case "server_max_window_bits": {
        const [, bits] = WINDOW_BITS.exec(value) ?? [];
        if (bits === undefined) {
          return;
        }
        serverBits = bits;
        break;
      }
      default:
        return;
    }
  }
  return serverBits === MAX_WINDOW_BITS
    ? EXTENSION
    : `${EXTENSION};server_max_window_bits=${serverBits}`;
}

/**
 * Runs `upgrade`, in which the library completes one request, with API Gateway's rules for compression. By its own rules
 * the library would end some upgrades with 400, and would write the answer in another form. So it is given an offer
 * that it accepts, or none, and what it answers is replaced.
 */
export function withDeflate(
  webSockets: WebSocketServer,
  { headers }: IncomingMessage,
  upgrade: () => void,
): void {
  const answer = deflateAnswer(headers["sec-websocket-extensions"] ?? "");
  if (answer === undefined) {
    delete headers["sec-websocket-extensions"];
    upgrade();
    return;
  }
  headers["sec-websocket-extensions"] = EXTENSION;
  const replaceAnswer = (lines: string[]) => {
    const index = lines.findIndex((line) => line.startsWith(`${HEADER}:`));
    lines[index] = `${HEADER}: ${answer}`;
  };
  webSockets.once("headers", replaceAnswer);
  upgrade();
  webSockets.off("headers", replaceAnswer);
}
