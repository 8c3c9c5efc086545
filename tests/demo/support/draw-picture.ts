import { startDemo } from "./start-demo.ts";

const WINDOW = { viewport: { width: 760, height: 790 }, deviceScaleFactor: 2, locale: "en-GB" };

/** Draws the README's picture of the chat page, as a PNG file of a conversation. */
export async function drawPicture(path: string): Promise<void> {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" }, WINDOW);
  const bob = await demo.join({ user: "bob" });
  const carol = await demo.join({ user: "carol" });
  await alice.write("Good morning! Who is here?");
  await alice.message("Who is here?").getByText("Delivered to 2").waitFor();
  await bob.write("Me. It runs on my laptop, without an account.");
  await alice.message("on my laptop").waitFor();
  await carol.address("A user", "alice");
  await carol.write("Lunch at twelve?");
  await alice.message("Lunch").getByText("only to you").waitFor();
  await alice.message("Lunch").getByRole("button", { name: "carol" }).click();
  await alice.write("Gladly.");
  await alice.message("Gladly").getByText("Delivered to 1").waitFor();
  await alice.address("A user", "dave");
  await alice.write("Dave, lunch at twelve?");
  await alice.message("Dave, lunch").getByRole("alert").waitFor();
  await alice.page.screenshot({ path });
}
