import { countNote, readNote, writeNote } from "./notes.mjs";
import { perform } from "./perform.mjs";

/**
 * Does what the probe asks: in the query parameter `command` of a connect, in the text of a message, or in the note
 * `{connectionId} at the end` for a disconnect. A message that asks for nothing is answered with its event. The events
 * of connects and disconnects are kept as notes, `{connectionId} CONNECT` and `{connectionId} DISCONNECT`; that of a
 * connect also under the query parameter `mark`.
 */
export async function handler(event) {
  const { connectionId, eventType } = event.requestContext;
  switch (eventType) {
    case "CONNECT": {
      const { command, mark = connectionId } = event.queryStringParameters ?? {};
      await writeNote(`${connectionId} CONNECT`, event);
      await writeNote(`${mark} CONNECT`, event);
      return await perform(event, parseCommand(command) ?? { do: "return" });
    }
    case "DISCONNECT": {
      await countNote(`${connectionId} disconnects`);
      const command = await readNote(`${connectionId} at the end`);
      await writeNote(`${connectionId} DISCONNECT`, event);
      return await perform(event, command ?? { do: "return" });
    }
    default:
      return await perform(event, parseCommand(event.body) ?? {});
  }
}

function parseCommand(text = "") {
  try {
    const command = JSON.parse(text);
    return typeof command === "object" && command !== null ? command : undefined;
  } catch {
    return;
  }
}
