/** Node 24 runs the sources as they stand; swc only strips the types for Jest's module loader. */
export default {
  testMatch: ["**/src/**/*.test.ts", "**/tests/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/e2e/"],
  modulePathIgnorePatterns: ["<rootDir>/packages/ui/dist"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2024" } }] },
};
