import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** House rules that have no rule of their own, as patterns of the syntax tree. */
const IMPLICIT_CONVERSION = {
  selector: 'Property[key.name="enableImplicitConversion"]',
  message: 'Implicit conversion turns "false" into true: convert in the DTO.',
};
const UNRUN_TESTS = {
  selector:
    'MemberExpression[property.name=/^(only|skip|todo)$/]:matches([object.name=/^(it|test|describe)$/], [object.object.name=/^(it|test|describe)$/])',
  message: 'Every committed test runs: no .only, .skip or .todo.',
};
const ENVIRONMENT = {
  object: 'process',
  property: 'env',
  message: 'Settings are read once, in apps/api/src/config; inject APP_CONFIG instead.',
};

export default defineConfig(
  { ignores: ['**/dist/', '**/node_modules/', '**/coverage/', '**/*.generated.*', '.data/'] },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // Nest reads constructor types at run time: an automatic `import type` would break injection silently
      '@typescript-eslint/consistent-type-imports': 'off',
      // Nest modules are classes whose whole content is a decorator
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // schema and response classes describe shapes and have no methods: plain objects and spreads of them are fine
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // ports and Nest interfaces demand promises from methods that have nothing to await
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true, varsIgnorePattern: '^_' },
      ],
      eqeqeq: 'error',
      'no-control-regex': 'error',
      'no-console': 'error',
      'no-restricted-properties': ['error', ENVIRONMENT],
      'no-restricted-syntax': ['error', IMPLICIT_CONVERSION],
      complexity: ['error', 15],
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', { max: 80, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    // the framework fills these fields, never the constructor
    files: ['**/*.dto.ts', '**/*.schema.ts', '**/dto/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['apps/api/src/config/**/*.ts', 'apps/api/src/cli/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // sets the zone of the test workers; the plugin's own types need a newer module resolution than the build uses
    files: ['vitest.config.mts'],
    rules: { 'no-restricted-properties': 'off', '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    // programs for a terminal
    files: ['apps/api/src/cli/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.spec.ts', '**/test/**/*.ts'],
    rules: {
      'no-restricted-properties': 'off',
      'no-restricted-syntax': ['error', IMPLICIT_CONVERSION, UNRUN_TESTS],
      // a describe block is a list, not a function; a response body has no type until the test looks at it
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // expect(mock.method) names a method without calling it
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.base],
    rules: {
      eqeqeq: 'error',
      'no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', { max: 80, skipComments: true, skipBlankLines: true }],
      complexity: ['error', 15],
    },
  },
);
