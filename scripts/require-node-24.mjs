// Plain JavaScript, so that any Node can read it and print the error.
const REQUIRED_MAJOR = "24";

if (process.versions.node.split(".")[0] !== REQUIRED_MAJOR) {
  console.error(
    `This project runs on Node ${REQUIRED_MAJOR}, and this is ${process.version}: run "npm install" without --ignore-scripts, which installs Node ${REQUIRED_MAJOR}.`,
  );
  process.exit(1);
}
