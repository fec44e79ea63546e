#!/usr/bin/env node
// Proves the assertions in proofs/ with solc's SMTChecker and z3. Succeeds only if every assertion is reported proved: an
// unknown, a timeout or a warning is a failure.
'use strict';
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const solc = require('../node_modules/solc');

const root = path.join(__dirname, '..');
if (spawnSync('z3', ['--version']).status !== 0) {
  console.error('contracts: z3 is needed for the proofs; install it (Debian: apt-get install z3)');
  process.exit(2);
}
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bitdelta-proofs-'));
let queries = 0;
const smtSolver = (query) => {
  const file = path.join(scratch, `${++queries}.smt2`);
  fs.writeFileSync(file, query);
  const run = spawnSync('z3', ['-T:120', 'rlimit=0', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return run.status === 0 || run.stdout ? { contents: run.stdout } : { error: run.stderr };
};

let failed = false;
for (const name of fs.readdirSync(path.join(root, 'proofs')).filter((file) => file.endsWith('.sol')).sort()) {
  const started = Date.now();
  const contract = path.basename(name, '.sol');
  const source = fs.readFileSync(path.join(root, 'proofs', name), 'utf8');
  const wanted = (source.match(/\bassert\(/g) ?? []).length;
  const input = {
    language: 'Solidity',
    sources: { [`proofs/${name}`]: { content: source } },
    settings: {
      modelChecker: {
        contracts: { [`proofs/${name}`]: [contract] },
        engine: 'chc', targets: ['assert'], solvers: ['smtlib2'], showProvedSafe: true, showUnproved: true, timeout: 120000,
      },
    },
  };
  const output = JSON.parse(
    solc.compile(JSON.stringify(input), { import: (file) => ({ contents: fs.readFileSync(path.join(root, file), 'utf8') }), smtSolver }),
  );
  const messages = (output.errors ?? []).map((error) => error.message);
  const proved = messages.filter((message) => /Assertion violation check is safe/.test(message)).length;
  const bad = (output.errors ?? []).filter(
    (error) => error.severity === 'error' || /happens here|might happen|not be proved|unproved|could not/.test(error.message),
  );
  if (proved !== wanted || bad.length !== 0) {
    failed = true;
    console.error(`contracts: ${contract}: ${proved} of ${wanted} assertions proved\n${messages.join('\n')}`);
  } else {
    console.log(`contracts: ${contract}: ${proved} assertions proved in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
}
fs.rmSync(scratch, { recursive: true });
process.exit(failed ? 1 : 0);
