import { RelayClient } from "serverless-websocket-relay-client";

/** Prints each notification for a user, as it arrives. Ends with Ctrl-C. */
const { RELAY_URL } = process.env;
const [user] = process.argv.slice(2);

if (RELAY_URL === undefined || user === undefined) {
  console.error("Usage: RELAY_URL=wss://… node receive.mjs USER");
  process.exit(2);
}

const client = new RelayClient(RELAY_URL, { user });
client.on("open", () => console.log(`Waiting for notifications for ${user}.`));
client.on("reconnecting", ({ reason }) => console.log(reason));
client.on("message", ({ from, data }) => {
  // Other users can write to this one, too. A service has no connection, and the relay vouches for its name.
  if (from.service !== undefined) {
    console.log(`${from.service}: ${data.text}`);
  }
});
client.on("closed", ({ reason }) => {
  console.error(reason);
  process.exit(1);
});
