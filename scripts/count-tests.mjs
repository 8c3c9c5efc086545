import { readFileSync } from "node:fs";

const text = readFileSync(process.argv[2], "utf8");
if (text === "") {
  // Something went wrong before the first test.
  console.log("0 passed, 1 failed");
} else {
  // Jest does not count the tests of a file that cannot be loaded: such a file is one more failure.
  const report = JSON.parse(text);
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  console.log(`${report.numPassedTests} passed, ${failed} failed`);
}
