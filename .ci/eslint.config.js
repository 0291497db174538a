import tseslint from "typescript-eslint";

/** What the type checker does not say and a reader should not have to. */
export default tseslint.config(
  { ignores: ["**/node_modules/", "**/dist/", "packages/api/src/generated/", "packages/rpc/src/generated/", "e2e/control-plane/**/*.go"] },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-debugger": "error",
      "no-unreachable": "error",
      "prefer-const": "error",
    },
  },
  { files: ["packages/{api,gitops,rollouts,settings}/src/**/*.ts"], ignores: ["**/*.test.ts"], rules: { "no-restricted-imports": ["error", { patterns: ["node:*"] }], "no-restricted-globals": ["error", "process", "setTimeout", "setInterval"], "no-restricted-properties": ["error", { object: "Date", property: "now" }] } },
  { files: ["services/*/src/**/*.ts", "packages/*/src/**/*.{ts,tsx}"], ignores: ["**/*.test.ts", "packages/launcher/**", "packages/dev-cluster/**"], rules: { "no-console": "error" } },
);
