import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/** The layers: a folder may import only what is named here. `tensor` imports nothing above it, `shared` nothing at all. */
const layers = {
  shared: [],
  tensor: ['shared'],
  files: ['shared'],
  resources: ['shared', 'files'],
  samplers: ['shared', 'tensor'],
  checkpoints: ['shared', 'files'],
  datasets: ['shared', 'files'],
  models: ['shared', 'tensor', 'checkpoints'],
  targets: ['shared', 'tensor', 'files', 'checkpoints', 'datasets', 'models'],
  coverage: ['shared', 'targets'],
  trainers: ['shared', 'tensor', 'samplers', 'checkpoints', 'models'],
  bounds: ['shared', 'tensor', 'samplers', 'models'],
  experiments: [
    ...['shared', 'tensor', 'files', 'samplers', 'checkpoints', 'datasets', 'models', 'targets', 'trainers', 'bounds'],
    'coverage',
  ],
  store: ['shared', 'files'],
  runs: ['shared', 'tensor', 'files', 'resources', 'experiments', 'store'],
  figures: ['shared', 'resources'],
  tasks: [
    'shared',
    'tensor',
    'files',
    'checkpoints',
    'datasets',
    'models',
    'samplers',
    'coverage',
    'experiments',
    'runs',
    'figures',
  ],
  engine: ['shared', 'files', 'resources', 'store', 'runs', 'tasks'],
  headless: [
    ...['shared', 'tensor', 'files', 'resources', 'checkpoints', 'datasets', 'models', 'experiments', 'store', 'runs'],
    ...['figures', 'tasks', 'engine'],
  ],
  electron: ['shared', 'resources', 'store', 'engine'],
  renderer: ['shared'],
};
const folders = Object.keys(layers);
const filesOf = (folder) =>
  folder === 'shared' || folder === 'renderer' ? `src/${folder}/**` : `src/main/${folder}/**`;

const layerRules = Object.entries(layers).map(([folder, allowed]) => ({
  files: [filesOf(folder)],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...folders
            .filter((other) => other !== folder && !allowed.includes(other))
            .map((other) => ({
              // Layers of main are reached through it from outside: "../stores" inside the renderer is its own, "../coverage" of shared.
              regex:
                (folder === 'renderer' || folder === 'shared') && other !== 'renderer'
                  ? `^(\\.\\./)+main/${other}(/|$)`
                  : `^(\\.\\./)+(main/)?${other}(/|$)`,
              message: `${folder} must not import ${other} (docs/architecture.md).`,
            })),
          ...(folder === 'electron'
            ? []
            : [{ regex: '^electron(/|$)', message: 'Only src/main/electron imports electron.' }]),
          ...(folder === 'shared' || folder === 'renderer'
            ? [{ regex: '^node:', message: `${folder} runs in a page too.` }]
            : []),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['out/', 'node_modules/', 'coverage/'] },
  ...tseslint.configs.recommendedTypeChecked,
  ...vue.configs['flat/recommended'],
  {
    languageOptions: { parserOptions: { projectService: true, extraFileExtensions: ['.vue'] } },
  },
  { files: ['**/*.vue'], languageOptions: { parserOptions: { parser: tseslint.parser } } },
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
  {
    files: ['**/*.vue'],
    rules: {
      // Names as the design calls them; a capital tells a component from an element.
      'vue/multi-word-component-names': 'off',
      'vue/no-reserved-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vue/component-name-in-template-casing': ['error', 'PascalCase'],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/max-lines-per-block': ['error', { script: 160, template: 140 }],
      // Left to Prettier.
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
    },
  },
  // Plain JavaScript is what starts before anything is compiled: it has no types to check.
  { files: ['**/*.js', '**/*.cjs', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
