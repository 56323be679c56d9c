import { startStandInRegister } from './stand-in-register.js';

// Usage: main.js FILE [PORT]. It ends when its parent does: standard input is a pipe that closes then.
const [file, port] = process.argv.slice(2);
if (file === undefined) {
  console.error('Name the file in which the registers keep what they know.');
  process.exit(2);
}
const register = await startStandInRegister(file, Number(port ?? 0));
console.log(JSON.stringify({ port: register.port }));
process.stdin.resume().once('end', () => void register.stop().then(() => process.exit(0)));
