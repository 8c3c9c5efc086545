import { readFileSync } from "node:fs";

describe("samconfig.toml", () => {
  test("lets no build use cached dependencies: a cached build misses a change of the lock file alone", () => {
    const settings = readFileSync("samconfig.toml", "utf8").match(/^[^#\n]*=.*$/gm) ?? [];
    expect(settings).toContain('stack_name = "websocket-relay"');
    expect(settings.filter((setting) => /^\s*cached\s*=\s*true/.test(setting))).toEqual([]);
  });
});
