import { readFileSync } from "node:fs";

interface LockEntry {
  readonly resolved?: string;
  readonly integrity?: string;
  /** Set where npm links a folder of the project instead of installing a package. */
  readonly link?: boolean;
}

const lock: { readonly packages: Readonly<Record<string, LockEntry>> } = JSON.parse(
  readFileSync("package-lock.json", "utf8"),
);
const installed = Object.entries(lock.packages).filter(
  ([path, { link }]) => path.includes("node_modules/") && !link,
);

/** Packages for which the registry has no hash. There are none. */
const WITHOUT_INTEGRITY: readonly string[] = [];

describe("package-lock.json", () => {
  test("has a hash for each package, including those of other platforms", () => {
    expect(installed.length).toBeGreaterThan(100);
    const without = installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"));
    expect(without.map(([path]) => path)).toEqual(WITHOUT_INTEGRITY);
  });

  test("names no registry, as .npmrc asks for", () => {
    const named = installed.filter(([, { resolved }]) => resolved !== undefined);
    expect(named).toEqual([]);
  });
});
