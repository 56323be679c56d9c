// Between Kafka's starter and its brokers: ends them, and removes their folder, when the starter ended in whatever way. It holds the other
// end of a pipe, on which the starter writes a line whenever something changes. In a session of its own, so that Ctrl-C does not reach it.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const GRACE_MS = 5_000;
const POLL_MS = 100;

/** What is to be ended and removed, as the starter last said. */
let told = { pids: [], folder: null };
for await (const line of createInterface({ input: process.stdin })) told = JSON.parse(line);

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const end = (signal) => {
  for (const pid of told.pids.filter(isAlive)) process.kill(pid, signal);
};

end('SIGTERM');
for (const until = Date.now() + GRACE_MS; told.pids.some(isAlive) && Date.now() < until;)
  await new Promise((resolve) => setTimeout(resolve, POLL_MS));
end('SIGKILL');
if (told.folder !== null) rmSync(told.folder, { recursive: true, force: true });
