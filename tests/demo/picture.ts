import { drawPicture } from "./support/draw-picture.ts";

/** Where the README's picture is. */
const PICTURE = "docs/chat.png";

await drawPicture(PICTURE);
console.log(`Drew ${PICTURE}.`);
