/** Whether a machine without Chromium fails the tests of the page, as in `.ci/run`, and does not just skip them. */
// biome-ignore lint/style/noProcessEnv: the environment is how .ci/run and a developer differ.
export const CHROMIUM_IS_REQUIRED = process.env.REQUIRE_CHROMIUM === "1";
