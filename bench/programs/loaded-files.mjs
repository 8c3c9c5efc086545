// Prints the URLs of the files that the built function loads until its first event is answered, one on each line.
import { readFile } from "node:fs/promises";
import { registerHooks } from "node:module";

const [, , bundle, eventFile] = process.argv;
const event = JSON.parse(await readFile(eventFile, "utf8"));
const loaded = [];
registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith("file:")) {
      loaded.push(url);
    }
    return nextLoad(url, context);
  },
});
const { handler } = await import(bundle);
const { statusCode } = await handler(event, {
  awsRequestId: "request",
  getRemainingTimeInMillis: () => 20_000,
});
if (statusCode !== 200) {
  throw new Error(`The function answered ${statusCode}.`);
}
console.log(loaded.join("\n"));
process.exit();
