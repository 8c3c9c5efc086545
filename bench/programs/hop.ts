/** The other process of the baseline: hands back every body that it is posted. Sends its port once it listens. */
import { createServer } from "node:http";

const server = createServer((request, response) => request.pipe(response));
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? address?.port : undefined });
});
process.on("disconnect", () => process.exit());
