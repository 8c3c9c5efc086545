import { readFileSync } from "node:fs";

// Jest counts no test in a file that cannot even be loaded: such a file is one failure more.
const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
console.log(`${report.numPassedTests} passed, ${failed} failed`);
