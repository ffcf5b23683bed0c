/** A failure that the reader can act on: the message is all there is to say, a stack would only hide it. */
export class Failure extends Error {
  constructor(message, { exitCode = 1, output = '' } = {}) {
    super(message);
    this.exitCode = exitCode;
    /** What the failed command printed; shown in full before the message. */
    this.output = output;
  }
}

/** Prints what went wrong and ends with the exit code of the failure; anything unexpected keeps its stack. */
function reportAndExit(error) {
  if (error instanceof Failure) {
    if (error.output.trim() !== '') process.stderr.write(`${error.output.trimEnd()}\n\n`);
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

/** Runs the body of a script: one place decides how a failure looks. */
export async function script(body) {
  try {
    await body();
  } catch (error) {
    reportAndExit(error);
  }
}
