import tseslint from 'typescript-eslint';

/** The layers: a folder may import only what is named here. `tensor` imports nothing above it, `shared` nothing at all. */
const layers = {
  shared: [],
  tensor: ['shared'],
  files: ['shared'],
  samplers: ['shared', 'tensor'],
  checkpoints: ['shared', 'files'],
  datasets: ['shared', 'files'],
  models: ['shared', 'tensor', 'checkpoints'],
  bounds: ['shared', 'tensor', 'samplers', 'models'],
  experiments: ['shared', 'tensor', 'files', 'samplers', 'checkpoints', 'datasets', 'models', 'bounds'],
  runs: ['shared', 'tensor', 'files', 'experiments'],
  headless: ['shared', 'tensor', 'files', 'checkpoints', 'datasets', 'models', 'experiments', 'runs'],
};
const folders = Object.keys(layers);

const layerRules = Object.entries(layers).map(([folder, allowed]) => ({
  files: [folder === 'shared' ? 'src/shared/**' : `src/main/${folder}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...folders
            .filter((other) => other !== folder && !allowed.includes(other))
            .map((other) => ({
              regex: `^(\\.\\./)+(main/)?${other}(/|$)`,
              message: `${folder} must not import ${other} (docs/architecture.md).`,
            })),
          { regex: '^electron', message: 'Only src/main/electron imports electron.' },
          ...(folder === 'shared' ? [{ regex: '^node:', message: 'shared does no I/O.' }] : []),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['out/', 'node_modules/', 'coverage/'] },
  ...tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
    },
  },
  ...layerRules,
  // Plain JavaScript is what starts before anything is compiled: it has no types to check.
  { files: ['**/*.js', '**/*.cjs', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
