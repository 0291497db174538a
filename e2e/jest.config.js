import base from "../jest.config.js";

/** Tests over the running trio; `run.ts` starts what they share and passes its whereabouts. */
export default {
  ...base,
  rootDir: ".",
  testMatch: ["<rootDir>/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  testTimeout: 60_000,
};
