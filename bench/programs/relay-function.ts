/** Invokes the built function with each event that it is given. */
import { answerCommands } from "../program.ts";

const [, , bundle = ""] = process.argv;
/** The time that Lambda says is left, in milliseconds. */
const REMAINING = 20_000;

// The function logs what it rejects, which is not what is asked here.
console.info = () => undefined;
console.warn = () => undefined;

const { handler } = await import(bundle);

answerCommands((event: object) =>
  handler(event, { awsRequestId: "request", getRemainingTimeInMillis: () => REMAINING }),
);
