// Prints how long the import of a module takes in a fresh process, in milliseconds. Plain JavaScript, and no channel to its
// parent: both would load much of Node first.
const [, , specifier] = process.argv;
const begin = performance.now();
await import(specifier);
console.log(performance.now() - begin);
process.exit();
