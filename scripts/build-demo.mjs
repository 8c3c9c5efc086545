import { build } from "esbuild";

/** Where `npm start` serves the chat page from; another folder may be given. */
const [outdir = ".build/demo"] = process.argv.slice(2);

await build({
  entryPoints: ["index.html", "icon.svg", "style.css", "main.ts"].map((file) => `demo/${file}`),
  outdir,
  bundle: true,
  format: "esm",
  target: "es2022",
  loader: { ".html": "copy", ".svg": "copy" },
  logLevel: "warning",
});
