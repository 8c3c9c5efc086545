import { stripTypeScriptTypes } from "node:module";

// Jest runs TypeScript as Node itself does: with its types replaced by spaces and nothing else changed.
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
};
