/** Node 24 runs the sources as they stand; swc only strips the types for Jest's module loader. */
export default {
  testMatch: ["**/src/**/*.test.ts", "**/tests/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/e2e/"],
  modulePathIgnorePatterns: ["<rootDir>/packages/ui/dist"],
  // Real servers and programs on a shared machine: a deadline that catches what hangs, not what is slow.
  testTimeout: 30_000,
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2024", experimental: { keepImportAttributes: true } } }] },
};
