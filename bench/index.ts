import { coverage } from './coverage';
import { critics } from './critics';
import { dais } from './dais';
import { flow } from './flow';
import { loop } from './loop';
import { mcd, vae } from './mcd';
import { window } from './window';

/** Everything that is measured, by the name that asks for it alone: `npm run bench -- window`. A number says in how many turns. */
const benchmarks: Readonly<Record<string, (turns: number) => Promise<void>>> = {
  loop,
  critics,
  dais,
  mcd,
  vae,
  flow,
  coverage,
  window,
};

const asked = process.argv.slice(2);
const names = asked.filter((argument) => !/^\d+$/.test(argument));
const turns = Number(asked.find((argument) => /^\d+$/.test(argument)) ?? 5);
const unknown = names.find((name) => !Object.hasOwn(benchmarks, name));

if (unknown === undefined) {
  for (const [name, measure] of Object.entries(benchmarks))
    if (names.length === 0 || names.includes(name)) await measure(turns);
} else {
  console.error(`There is no benchmark named "${unknown}". There are: ${Object.keys(benchmarks).join(', ')}.`);
  process.exitCode = 2;
}
