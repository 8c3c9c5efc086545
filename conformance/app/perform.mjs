import { setTimeout as sleep } from "node:timers/promises";
import { post, postToWrongPath, remove } from "./manage.mjs";
import { countNote, readNote, writeNote } from "./notes.mjs";

/** How often a waiting invocation looks for its note, in milliseconds. */
const LOOK_EVERY = 50;

/** Does what a probe asked for, and gives the function's result: 200 without a body, or with the event when it asked for nothing. */
export async function perform(event, command) {
  const { connectionId } = event.requestContext;
  const { result = { statusCode: 200 } } = command;
  switch (command.do) {
    case "return":
      return result;
    case "return nothing":
      return;
    case "throw":
      throw new Error("The probe asked for it");
    case "write":
      await writeNote(command.note, command.value);
      return result;
    case "read":
      return answer((await readNote(command.note)) ?? null);
    case "count":
      return answer(await countNote(command.note));
    case "count and throw":
      await countNote(command.note);
      throw new Error("The probe asked for it");
    case "wait for a note":
      while ((await readNote(command.note)) === undefined) {
        await sleep(LOOK_EVERY);
      }
      return result;
    case "sleep":
      await sleep(command.milliseconds);
      await writeNote(command.note, "slept");
      return result;
    case "return much":
      return { statusCode: 200, body: "x".repeat(command.size) };
    case "post":
      await post(command.connectionId ?? connectionId, command.data);
      return result;
    case "note the event":
      await writeNote(command.note, event);
      return result;
    case "note a post":
      await writeNote(command.note, await post(connectionId, "anyone there?"));
      return result;
    case "post to a wrong path":
      return answer(await postToWrongPath(connectionId));
    case "delete":
      return answer(await remove(connectionId));
    default:
      return answer(event);
  }
}

function answer(value) {
  return { statusCode: 200, body: JSON.stringify(value) };
}
