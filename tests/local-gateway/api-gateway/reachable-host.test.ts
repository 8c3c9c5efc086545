import { reachableHost } from "../../../local-gateway/http.ts";

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["localhost", "localhost"],
  ["0.0.0.0", "127.0.0.1"],
  ["::", "[::1]"],
  ["::1", "[::1]"],
])("a listener on %s is reached under %s", (host, reachable) => {
  expect(reachableHost(host)).toBe(reachable);
});
