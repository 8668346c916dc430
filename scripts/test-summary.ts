// Prints "N passed, N failed" from vitest's JSON report, whose path is the argument.
import { readFileSync } from "node:fs";
import { z } from "zod";

const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const report = reportSchema.parse(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")));
// A file that fails to load and an error outside any test have no failed test to be counted by.
const unloadable = report.testResults.filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
);
const counted = report.numFailedTests + unloadable.length;
const failed = report.success ? counted : Math.max(counted, 1);
console.log(`${report.numPassedTests} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
