#!/usr/bin/env node
// From forge's output: one small artifact per contract for the class path, ABI and bytecode for the code generator, and
// the sizes, held under the limit of EIP-170.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const CONTRACTS = fs.readFileSync(path.join(__dirname, 'contracts.txt'), 'utf8').split('\n').filter((line) => line !== '');
const LIMIT = 24576;
const root = path.join(__dirname, '..');
const resources = path.join(root, 'target/generated-resources/io/bitdelta/contracts');
const codegen = path.join(root, 'target/codegen');
fs.rmSync(resources, { recursive: true, force: true });
fs.rmSync(codegen, { recursive: true, force: true });
fs.mkdirSync(resources, { recursive: true });
fs.mkdirSync(codegen, { recursive: true });

const sizes = [];
let tooLarge = false;
for (const name of CONTRACTS) {
  const out = JSON.parse(fs.readFileSync(path.join(root, `out/${name}.sol/${name}.json`), 'utf8'));
  const runtime = Buffer.from(out.deployedBytecode.object.slice(2), 'hex');
  // Immutables are zero in the compiler's output and filled in by the constructor: their places, so that a reader of the
  // chain can blank them before hashing.
  const immutables = Object.values(out.deployedBytecode.immutableReferences ?? {})
    .flat()
    .map(({ start, length }) => [start, length])
    .sort((a, b) => a[0] - b[0]);
  const artifact = {
    abi: out.abi,
    bytecode: out.bytecode.object,
    immutables,
    name,
    runtimeSha256: '0x' + crypto.createHash('sha256').update(runtime).digest('hex'),
    runtimeSize: runtime.length,
  };
  fs.writeFileSync(path.join(resources, `${name}.json`), JSON.stringify(artifact) + '\n');
  fs.writeFileSync(path.join(codegen, `${name}.abi`), JSON.stringify(out.abi));
  fs.writeFileSync(path.join(codegen, `${name}.bin`), out.bytecode.object.slice(2));
  sizes.push(`contracts: ${name.padEnd(22)} ${String(runtime.length).padStart(6)} bytes, ${LIMIT - runtime.length} left`);
  tooLarge ||= runtime.length > LIMIT;
}
fs.writeFileSync(path.join(resources, 'index.txt'), CONTRACTS.join('\n') + '\n');
process.stderr.write(sizes.join('\n') + '\n');
fs.mkdirSync(path.join(root, 'target/forge'), { recursive: true });
fs.writeFileSync(path.join(root, 'target/forge/sizes'), sizes.join('\n') + '\n');
if (tooLarge) {
  process.stderr.write(`contracts: a contract exceeds ${LIMIT} bytes (EIP-170)\n`);
  process.exit(1);
}
