import { Command, CommanderError } from 'commander';
import { InputError, oneLine, RunError } from '../../shared/errors';
import type { ExportOptions } from './exportCommand';
import type { ResumeOptions } from './resumeCommand';
import type { RunOptions } from './runCommand';
import type { RunsOptions } from './runsCommand';
import type { ServeOptions } from './serve/serveCommand';
import { complain, type Terminal } from './terminal';

/** What the commands do; each returns an exit code. Loaded only when called, so that `--help` costs no start of the engine. */
export interface Commands {
  run(given: string, options: RunOptions): Promise<number>;
  resume(given: string, options: ResumeOptions): Promise<number>;
  runs(options: RunsOptions): Promise<number>;
  show(given: string, options: { readonly json?: boolean }): Promise<number>;
  export(given: readonly string[], options: ExportOptions): Promise<number>;
  devices(): Promise<number>;
  recipes(): Promise<number>;
  importModel(file: string): Promise<number>;
  serve(options: ServeOptions): Promise<number>;
}

/**
 * Reads a command line and does what it says.
 * @param args without the program's name
 * @returns the exit code: 0 done, 1 failed run, 2 bad input
 */
export async function runProgram(
  args: readonly string[],
  commands: Commands,
  version: string,
  terminal: Terminal,
): Promise<number> {
  let code = 0;
  const program = describe(commands, version, terminal, (result) => {
    code = result;
  });
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return endOf(error, terminal);
    if (error instanceof InputError) {
      complain(terminal, error.message, error);
      return 2;
    }
    if (error instanceof RunError) {
      complain(terminal, error.message, error);
      return 1;
    }
    const message = error instanceof Error ? error.message : String(error);
    const advice = terminal.debug ? '' : ' Set BRACKET_DEBUG=1 to see where.';
    complain(terminal, `unexpected error: ${message.replace(/\.?$/, '.')}${advice}`, error);
    return 1;
  }
}

function describe(commands: Commands, version: string, terminal: Terminal, done: (code: number) => void): Command {
  const program = new Command('bracket')
    .description('Brackets log p(x) and the mutual information of generative models between lower and upper bounds.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      // Complaints are put into one line below.
      writeErr: () => undefined,
      getOutHelpWidth: () => terminal.columns,
      getOutHasColors: () => terminal.colours.isColorSupported,
    })
    .configureHelp({ styleTitle: (text) => terminal.colours.bold(text) })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed run, 2 bad input.\n"bracket run --help" says more about a command.',
    );
  program
    .command('run')
    .description('Run a run file, or a recipe by its name.')
    .argument('<file|recipe>', 'a run file (JSON), or a name from "bracket recipes"')
    .option('--device <name>', 'where to compute; see "bracket devices"')
    .option('--seed <number>', 'fixes every random number of the run')
    .option('--json <file>', 'write the result as JSON; "-" prints it instead of the report')
    .option(
      '--set <path=value>',
      'change a field of the run file, for example ais.chains=4; may be repeated',
      append,
      [],
    )
    .option('--scale <name>', 'how large to run a recipe; see "bracket recipes"')
    .option('--no-store', 'do not keep the run in the history')
    .action(async (given: string, options: RunOptions) => done(await commands.run(given, options)));
  program
    .command('resume')
    .description('Go on with a run that was paused or interrupted; it ends with the same numbers.')
    .argument('<run>', 'its id from "bracket runs", or the beginning of it')
    .option('--json <file>', 'write the result as JSON; "-" prints it instead of the report')
    .action(async (given: string, options: ResumeOptions) => done(await commands.resume(given, options)));
  program
    .command('runs')
    .description('List the runs that were made here and in the window, the newest first.')
    .option('--limit <number>', 'how many to list', '20')
    .option('--json', 'print them as JSON')
    .action(async (options: RunsOptions) => done(await commands.runs(options)));
  program
    .command('show')
    .description('Print the report of a run again.')
    .argument('<run>', 'its id from "bracket runs", or the beginning of it')
    .option('--json', 'print the result as JSON')
    .action(async (given: string, options: { json?: boolean }) => done(await commands.show(given, options)));
  program
    .command('export')
    .description('Write runs as a figure (svg, pdf, png) or a table (csv, tex), or what to cite for them (bib).')
    .argument('<run...>', 'ids from "bracket runs", or the beginnings of them')
    .requiredOption(
      '--format <name>',
      'svg, pdf, png (300 dpi), csv (one row a bound), csv-estimates (of rare events), tex (brackets), tex-bounds (all bounds) or bib',
    )
    .option('-o, --output <file>', 'where to write; "-" prints it', '-')
    .option('--figure <name>', 'sandwich, by-samples, ibal, decomposition, tightness or training-NAME')
    .option('--width <mm>', 'of a figure: 85 for one column, 175 for two; 85 when left out')
    .option('--font <pt>', 'size of the letters of a figure; 8 when left out')
    .action(async (given: string[], options: ExportOptions) => done(await commands.export(given, options)));
  program
    .command('devices')
    .description('List where runs can compute, and what is missing elsewhere.')
    .action(async () => done(await commands.devices()));
  const models = program
    .command('models')
    .description('Look into checkpoints: "models import <file>".')
    .helpCommand(false);
  models
    .command('import')
    .description('Inspect a checkpoint and print the model block for a run file.')
    .argument('<file>', 'PyTorch (.pt, .pth), safetensors or npz')
    .action(async (file: string) => done(await commands.importModel(file)));
  program
    .command('recipes')
    .description('List the runs that come with Bracket.')
    .action(async () => done(await commands.recipes()));
  program
    .command('serve')
    .description('Open the workbench in a browser: this one, or one at the end of a tunnel.')
    .option('--host <address>', 'where to listen; only this machine can connect unless it says otherwise', '127.0.0.1')
    .option('--port <number>', 'the port; 0 for any (default: the first free one from 7400)')
    .option(
      '--folder <path>',
      'a folder whose checkpoints and data run files may name; may be repeated. Imported files need none',
      append,
      [],
    )
    .option('--no-open', 'print the address without opening a browser')
    .action(async (options: ServeOptions) => done(await commands.serve(options)));
  return program;
}

function append(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

/** Help and version end the parse with an exception too. */
function endOf(error: CommanderError, terminal: Terminal): number {
  if (error.exitCode === 0) return 0;
  if (error.code === 'commander.help') {
    complain(terminal, 'command line: a command is missing. See "bracket --help".');
    return 2;
  }
  const [problem = '', ...suggestion] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggestion
    .join(' ')
    .replace(/^\(Did you mean (.*)\?\)$/, (_all, names: string) => ` Did you mean ${names.replace(/^one of /, '')}?`);
  complain(
    terminal,
    `command line: ${oneLine(problem.replace(/\.$/, ''), 200)}.${hint === '' ? ' See "bracket --help".' : hint}`,
  );
  return 2;
}
