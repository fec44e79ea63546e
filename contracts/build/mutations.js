#!/usr/bin/env node
// Removes each guard of the royalties in turn, in a copy of the sources, and expects the royalties' suite to fail: a guard
// that nothing misses is not tested. Takes minutes; part of the long tier.
'use strict';
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const root = path.join(__dirname, '..');
const MUTATIONS = [
  ['balance difference', 'received = IERC20(token).balanceOf(address(this)) - before;', 'received = amount; before;'],
  ['NothingReceived', 'if (received == 0) {\n            revert NothingReceived(token);\n        }', ''],
  ['SafeERC20 in', 'IERC20(token).safeTransferFrom(msg.sender, address(this), amount);', 'token.call(abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), amount)));'],
  ['SafeERC20 out', 'IERC20(token).safeTransfer(to, amount);', 'token.call(abi.encodeCall(IERC20.transfer, (to, amount)));'],
  ['nonReentrant', / nonReentrant/g, ''],
  ['try permit', 'try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) { } catch { }', 'IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s);'],
  ['Overdrawn', 'if (!covered) {', 'if (!covered && false) {'],
  ['WrongValue', 'if (msg.value != 0) {', 'if (msg.value != 0 && false) {'],
  ['SoupNotFinal', 'if (received == 0 && weightsRoot[soupId] == 0) {', 'if (received == 0 && weightsRoot[soupId] == 0 && false) {'],
  ['controller of claimTo', 'if (controller != msg.sender) {', 'if (controller != msg.sender && false) {'],
];

const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'bitdelta-mutations-'));
for (const name of ['src', 'test', 'build', 'foundry.toml', 'package.json']) {
  fs.cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
}
fs.symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
for (const name of fs.readdirSync(path.join(copy, 'test'))) {
  if (name.endsWith('.t.sol') && name !== 'BitDeltaRoyalties.t.sol') fs.rmSync(path.join(copy, 'test', name));
}
const file = path.join(copy, 'src/BitDeltaRoyalties.sol');
const original = fs.readFileSync(file, 'utf8');
const forge = () =>
  spawnSync(path.join(root, 'node_modules/.bin/forge'), ['test'], { cwd: copy, encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, FOUNDRY_DENY: 'never' } });

let survived = 0;
for (const [name, from, to] of [['none', '', ''], ...MUTATIONS]) {
  const mutated = original.replace(from, to);
  if (name !== 'none' && mutated === original) throw new Error(`mutation "${name}" does not apply any more`);
  fs.writeFileSync(file, mutated);
  const run = forge();
  const failing = [...(run.stdout ?? '').matchAll(/^\[FAIL[^\n]*\] (test\w+)/gm)].map((match) => match[1]);
  if (!/Suite result/.test(run.stdout ?? '')) throw new Error(`mutation "${name}" does not compile:\n${run.stdout}${run.stderr}`);
  const killed = run.status !== 0;
  if (name === 'none' ? killed : !killed) survived++;
  console.log(`${name}: ${killed ? `fails ${[...new Set(failing)].join(', ')}` : 'passes'}`);
}
fs.rmSync(copy, { recursive: true });
if (survived !== 0) {
  console.error(`${survived} results are not as they should be`);
  process.exit(1);
}
