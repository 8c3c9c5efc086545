import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawPicture } from "./support/draw-picture.ts";
import { testInBrowser } from "./support/test-in-browser.ts";

/** @see https://www.w3.org/TR/png-3/#5PNG-file-signature */
const SIGNATURE = "89504e470d0a1a0a";

testInBrowser(
  "the README's picture can be drawn anew, and has the committed one's size",
  async () => {
    await using after = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "picture-"));
    after.defer(() => rm(folder, { recursive: true }));
    const path = join(folder, "chat.png");
    await drawPicture(path);
    expect(sizeOf(await readFile(path))).toEqual({ width: 1520, height: 1580 });
    expect(sizeOf(await readFile("docs/chat.png"))).toEqual({ width: 1520, height: 1580 });
  },
);

/** A PNG file begins with its signature, and then the header chunk with the size. */
function sizeOf(png: Buffer): { width: number; height: number } {
  expect(png.toString("hex", 0, 8)).toBe(SIGNATURE);
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}
