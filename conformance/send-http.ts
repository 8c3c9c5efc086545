import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import type { HttpAnswer } from "./http-answer.ts";
import type { HttpCall } from "./http-call.ts";

/** Sends an HTTP request as it is. Rejects when there is no answer. */
export async function sendHttp({
  method,
  origin,
  path,
  headers,
  body,
}: HttpCall): Promise<HttpAnswer> {
  const { protocol, hostname, port } = new URL(origin);
  const request = protocol === "https:" ? httpsRequest : httpRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method, hostname, port, path, headers, agent: false };
    request(options, resolve).on("error", reject).end(body);
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: await text(response),
  };
}
