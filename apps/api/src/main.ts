import 'reflect-metadata';
import { boot, exitWith } from './boot';

void boot()
  .then(({ address }) => process.stdout.write(`DiabCare listening on ${address}\n`))
  .catch(exitWith);
