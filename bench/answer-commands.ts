/** Lets this process, a program of the benchmarks, answer each command with what `answer` makes of it, and end with its parent. */
export function answerCommands<Command, Report>(
  answer: (command: Command) => Promise<Report>,
): void {
  process.on("message", async (command: Command) => {
    try {
      process.send?.(await answer(command));
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
  });
  process.on("disconnect", () => process.exit());
}
