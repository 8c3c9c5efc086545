import { fileURLToPath } from "node:url";
import { INSTALL_TIMEOUT } from "../../support/install-packages.ts";
import { copyWithSdkV2 } from "../../support/sdk-v2.ts";
import { run } from "../invoke/run.ts";

const FIXTURES = fileURLToPath(new URL("fixtures", import.meta.url));

let copy: Awaited<ReturnType<typeof copyWithSdkV2>>;

beforeAll(async () => {
  copy = await copyWithSdkV2(FIXTURES);
}, INSTALL_TIMEOUT);

afterAll(() => copy?.[Symbol.asyncDispose]());

/** Invokes a function of the fixture without a gateway. */
const invoke = (functionId: string) =>
  run("invoke-cli.ts", ["-", "--template", copy.template, "--function", functionId], {
    input: "{}",
  });

test("a function that is invoked by hand invokes another one", async () => {
  const { code, out } = await invoke("CallerFunction");
  expect(JSON.parse(out)).toMatchObject({ status: 200, payload: { event: {} } });
  expect(code).toBe(0);
});

test("a function that is invoked by hand and must not invoke another one is rejected, and a line says so", async () => {
  const { out } = await invoke("ForgetfulFunction");
  expect(out).toContain('"code": "AccessDeniedException"');
  expect(out).toMatch(
    /^rejected: ForgetfulFunction may not lambda:InvokeFunction on arn:\S+:echo: /m,
  );
});
