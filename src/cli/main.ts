import { Command, CommanderError, Help } from 'commander';
import { EXIT, type ExitCode, messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import { VERSION } from '../version.ts';
import type { CommandEntry, Context } from './command.ts';
import { COMMANDS, DEFAULT_COMMAND } from './commands.ts';
import { plain } from './plain.ts';
import { workspaceRoot } from './root.ts';
import { colorsFor } from './terminal.ts';

/** The process around a command line. */
export type Surroundings = Omit<Context, 'root' | 'json'>;

/** Runs one command line to its end. Never throws: what goes wrong is said on standard error, and is in the exit code. */
export async function main(argv: string[], surroundings: Surroundings): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const program = programOf(surroundings, code => {
    exitCode = code;
  });
  try {
    refuseUnknownCommand(program, argv);
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, surroundings);
  }
}

function programOf(surroundings: Surroundings, onExit: (code: ExitCode) => void): Command {
  const program = new Command('watchkeeper')
    .description('Runs the modules of a data pipeline, meters every run, and keeps the log in files and git.')
    .version(VERSION)
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ subcommandTerm: termOf })
    .configureOutput({
      writeOut: text => void surroundings.stdout.write(text),
      writeErr: text => void surroundings.stderr.write(plain(text)), // it repeats arguments
    });
  addGlobalOptions(program);
  program.addHelpText(
    'after',
    '\n`watchkeeper COMMAND --help` tells the options of a command, with examples.',
  );
  for (const command of COMMANDS)
    program.addCommand(subcommandOf(command, program, surroundings, onExit), {
      isDefault: command.name === DEFAULT_COMMAND,
    });
  return program;
}

/** A command in the list of all: that each takes options need not be said, so their summaries have room in 80 columns. */
function termOf(command: Command): string {
  return new Help().subcommandTerm(command).replace(' [options]', '');
}

function subcommandOf(
  definition: CommandEntry,
  program: Command,
  surroundings: Surroundings,
  onExit: (code: ExitCode) => void,
): Command {
  const command = new Command(definition.name).description(definition.summary).copyInheritedSettings(program);
  if (definition.arguments !== undefined) command.argument(definition.arguments);
  for (const [flags, description] of definition.options ?? []) command.option(flags, description);
  addGlobalOptions(command);
  if (definition.examples !== undefined) {
    command.addHelpText('after', `\nExamples:\n${definition.examples.map(line => `  ${line}`).join('\n')}`);
  }
  return command.action(async () => {
    const given = { ...program.opts(), ...command.opts() };
    const { root, json, ...options }: { root?: string; json?: boolean } = given;
    const context: Context = { ...surroundings, root: workspaceRoot(root), json: json ?? false };
    const run = await definition.load();
    onExit(await run(context, command.args, options));
  });
}

/** What every command takes, before its name and after it; where both are given the later one counts. */
function addGlobalOptions(command: Command): void {
  command.option('--root <DIR>', 'the workspace (default: the current directory)');
  command.option('--json', 'print facts as JSON');
}

/** Without this a mistyped command would be taken for an argument of the default one. */
function refuseUnknownCommand(program: Command, argv: string[]): void {
  const { operands, unknown } = program.parseOptions(argv);
  const first = operands[0] ?? unknown[0];
  if (first === undefined || first.startsWith('-') || first === 'help') return;
  if (COMMANDS.some(({ name }) => name === first)) return;
  const known = COMMANDS.map(({ name }) => name).join(', ');
  throw new WatchkeeperError(
    'usage',
    `there is no command '${first}'. The commands are ${known}; see --help`,
  );
}

function explain(error: unknown, { stderr, env }: Surroundings): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const known = error instanceof WatchkeeperError;
  const expected = known || systemErrorCode(error) !== null || !(error instanceof Error);
  const text = expected ? messageOf(error) : (error.stack ?? error.message);
  stderr.write(`${colorsFor(stderr, env).red('watchkeeper:')} ${plain(text)}\n`);
  return known ? error.exitCode : EXIT.storage;
}
