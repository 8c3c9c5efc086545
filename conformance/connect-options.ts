import type { ClientOptions } from "ws";
import type { Command } from "./command.ts";

/** How to connect. */
export interface ConnectOptions extends ClientOptions {
  /** What the `$connect` of the probe application is to do, by its query parameter `command`. */
  readonly command?: Command;
  /** A list is a parameter that is repeated. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly protocols?: readonly string[];
  /** In place of the endpoint's own path. */
  readonly path?: string;
}
