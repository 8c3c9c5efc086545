import { startDemo } from "./start-demo.ts";

const WINDOW = { viewport: { width: 760, height: 790 }, deviceScaleFactor: 2, locale: "en-GB" };

/** Draws the README's picture of the chat page, as a PNG file of a conversation. */
export async function drawPicture(path: string): Promise<void> {
  await using demo = await startDemo();
  const alice = await demo.join({ user: "alice" }, WINDOW);
  const bob = await demo.join({ user: "bob" });
  const carol = await demo.join({ user: "carol" });
  await alice.joinChannel("kitchen");
  await carol.joinChannel("kitchen");
  await alice.open("lobby");
  await alice.people.getByText("3 people").waitFor();

  await alice.write("Good morning! Who is here?");
  await alice.message("Who is here?").getByText("Delivered to 2").waitFor();
  await bob.write("Me. It runs on my laptop, without an account.");
  await alice.message("on my laptop").waitFor();
  await carol.open("lobby");
  await carol.write("And I can see you both in the list.");
  await alice.message("in the list").waitFor();
  await alice.write("Lunch at twelve?");
  await alice.message("Lunch").getByText("Delivered to 2").waitFor();
  await bob.write("Gladly.");
  await alice.message("Gladly").waitFor();
  await carol.open("kitchen");
  await carol.write("The soup is ready.");
  await carol.write("And there is bread.");
  await alice.entry("kitchen").getByText("2").waitFor();
  await bob.address("A user", "alice");
  await bob.write("Shall I reserve a table?");
  await alice.entry("Direct messages").getByText("1").waitFor();
  await alice.page.screenshot({ path });
}
