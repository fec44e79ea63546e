#!/usr/bin/env node
// Each contract has a specification in test/trees; each of its leaves names the tests that show it, and they exist.
'use strict';
const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '..');
const contracts = fs.readFileSync(path.join(__dirname, 'contracts.txt'), 'utf8').split('\n').filter((line) => line !== '');
const tests = new Set();
for (const file of fs.readdirSync(path.join(root, 'test')).filter((name) => name.endsWith('.t.sol'))) {
  for (const [, name] of fs.readFileSync(path.join(root, 'test', file), 'utf8').matchAll(/function (test\w+|invariant\w+)\(/g)) tests.add(name);
}
const faults = [];
let leaves = 0;
for (const contract of contracts) {
  const file = path.join(root, 'test/trees', `${contract}.tree`);
  if (!fs.existsSync(file)) {
    faults.push(`${contract} has no specification in test/trees`);
    continue;
  }
  const lines = fs.readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
  if (lines[0] !== contract) faults.push(`${contract}.tree is about ${lines[0]}`);
  const depth = (line) => (line ?? '').search(/[^│├└─ ]/);
  lines.forEach((line, i) => {
    if (i === 0 || depth(lines[i + 1]) > depth(line)) return;
    leaves++;
    const named = /\[([\w, ]+)\]$/.exec(line);
    if (!named) {
      faults.push(`${contract}.tree, line ${i + 1}: names no test`);
      return;
    }
    for (const test of named[1].split(', ')) {
      if (!tests.has(test)) faults.push(`${contract}.tree, line ${i + 1}: there is no ${test}`);
    }
  });
}
if (faults.length !== 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`contracts: ${leaves} leaves of ${contracts.length} specifications name tests that exist`);
