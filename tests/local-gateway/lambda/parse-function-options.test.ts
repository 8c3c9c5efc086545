import { parseArguments } from "../../../local-gateway/cli/arguments.ts";

test("without options functions reload, nobody inspects, and events wait", () => {
  const { watch, inspect, maxEnvironments } = parseArguments([]);
  expect({ watch, inspect, maxEnvironments }).toEqual({});
});

test.each([
  [["--no-watch"], { watch: false }],
  [["--inspect"], { inspect: 9229 }],
  [["--inspect=0"], { inspect: 0 }],
  [["--inspect", "--quiet"], { inspect: 9229, quiet: true }],
  [["--max-environments", "3"], { maxEnvironments: 3 }],
])("%j is understood", (args, expected) => {
  expect(parseArguments(args)).toMatchObject(expected);
});

test.each([
  [["--inspect=x"], '--inspect takes a number from 0 to 65535, not "x".'],
  [["--max-environments", "0"], '--max-environments takes a number from 1 to 1000, not "0".'],
  [
    ["--inspect", "--max-environments", "1"],
    "--max-environments cannot go with --inspect: a debugger has one environment.",
  ],
])("%j is rejected in one sentence", (args, sentence) => {
  expect(() => parseArguments(args)).toThrow(expect.objectContaining({ message: sentence }));
});
