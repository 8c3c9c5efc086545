import { relative } from "node:path";
import { sourceDirectories } from "../../../local-gateway/lambda/reload/watch.ts";
import { writeApplication } from "../applications/write-application.ts";

test("what installers and Python put next to the sources is not watched", async () => {
  await using application = await writeApplication({
    "template.yaml": "",
    "app.py": "",
    "own/lib/part.py": "",
    "__pycache__/app.pyc": "",
    "own/__pycache__/part.pyc": "",
    ".git/HEAD": "",
    "node_modules/package/index.js": "",
    "venv/lib/site.py": "",
    "boto3/data/s3.json": "",
    "boto3-1.43.dist-info/RECORD": "boto3/data/s3.json,sha256=x,1\n../../bin/boto,,\nsix.py,,\n",
    "none-1.0.dist-info/METADATA": "",
  });
  const { folder } = application;
  const found = await sourceDirectories([folder]);
  expect(found.map((path) => relative(folder, path)).sort()).toEqual(["", "own", "own/lib"]);
});
