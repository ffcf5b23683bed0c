/**
 * One line per step, and a sign of life while it runs: on a terminal the last line counts the seconds, elsewhere
 * (CI logs, pipes) a line appears every five seconds. Several steps may run at the same time.
 */
const TICK_MS = 1000;
const LOG_EVERY_SECONDS = 5;

const active = new Map();
let timer = null;

/** Runs `body` as a named step; its failure is shown as that of the step and passed on. */
export async function step(name, body) {
  const started = Date.now();
  active.set(name, started);
  timer ??= setInterval(tick, TICK_MS);
  draw();
  try {
    await body();
    finish(name, `ok      ${name}`, started);
  } catch (error) {
    finish(name, `FAILED  ${name}`, started);
    throw error;
  }
}

/** Takes a step off the list and prints its result; the timer lives only while something runs. */
function finish(name, line, started) {
  active.delete(name);
  if (active.size === 0) {
    clearInterval(timer);
    timer = null;
  }
  erase();
  const seconds = (Date.now() - started) / 1000;
  process.stdout.write(`${line}${seconds >= 1 ? `  ${seconds.toFixed(1)} s` : ''}\n`);
  draw();
}

function tick() {
  if (process.stdout.isTTY) {
    erase();
    draw();
    return;
  }
  for (const [name, started] of active) {
    const seconds = Math.round((Date.now() - started) / TICK_MS);
    if (seconds > 0 && seconds % LOG_EVERY_SECONDS === 0) process.stdout.write(`...     ${name}  ${seconds} s\n`);
  }
}

/** Shows what runs now on the last line of a terminal, cut to its width so that it can be erased again. */
function draw() {
  if (!process.stdout.isTTY || active.size === 0) return;
  const parts = [...active].map(([name, started]) => `${name} ${Math.floor((Date.now() - started) / 1000)} s`);
  process.stdout.write(`...     ${parts.join(', ')}`.slice(0, (process.stdout.columns || 80) - 1));
}

function erase() {
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[2K');
}
