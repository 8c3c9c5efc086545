// Prints how long the import of a module takes in a fresh process, in milliseconds, after those that are named behind it.
// Plain JavaScript, and no channel to its parent: both would load much of Node first.
const [, , specifier, ...before] = process.argv;
for (const earlier of before) {
  await import(earlier);
}
const begin = performance.now();
await import(specifier);
console.log(performance.now() - begin);
process.exit();
