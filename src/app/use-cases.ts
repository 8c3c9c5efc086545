import type { Connect } from "../domain/use-cases/connect.ts";
import type { Disconnect } from "../domain/use-cases/disconnect.ts";
import type { Publish } from "../domain/use-cases/publish.ts";
import type { Relay } from "../domain/use-cases/relay.ts";
import type { Unknown } from "../domain/use-cases/unknown.ts";

/** Everything the function can be asked to do. */
export interface UseCases {
  readonly connect: Pick<Connect, "execute">;
  readonly disconnect: Pick<Disconnect, "execute">;
  readonly relay: Pick<Relay, "execute">;
  readonly publish: Pick<Publish, "execute">;
  readonly unknown: Pick<Unknown, "execute">;
}
