#!/usr/bin/env node
// Removes one guard at a time from a copy of the sources and expects the suite of the touched contract to fail: a guard that
// nothing misses is not tested. Compiled without the optimizer's steps, so that a mutant takes seconds instead of minutes.
//
// Usage: node build/mutations.js [WORD]   only mutants whose file or name contains WORD
'use strict';
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const root = path.join(__dirname, '..');
const ROYALTIES = { file: 'BitDeltaRoyalties.sol', tests: ['BitDeltaRoyalties', 'WeirdTokens'] };
const REGISTRY = { file: 'BitDeltaRegistry.sol', tests: ['BitDeltaRegistry'] };
const IDENTITIES = { file: 'IdentityRegistry.sol', tests: ['IdentityRegistry'] };
const SOUPS = { file: 'DeltaSoups.sol', tests: ['DeltaSoups', 'Challenge', 'AttestedWeights', 'Griefing'] };
const RULES = { file: 'SoupRules.sol', tests: ['Vote', 'DeltaSoups'] };
const QUORUM = { file: 'QuorumVerifier.sol', tests: ['Verifiers'] };
const DCAP = { file: 'DcapVerifier.sol', tests: ['Verifiers'] };
const QUOTES = { file: 'libraries/Quotes.sol', tests: ['Verifiers'] };
const LEDGER = { file: 'TrainingLedger.sol', tests: ['TrainingLedger'] };
const AUTHORITY = { file: 'libraries/Authority.sol', tests: ['Authority'] };
const SHARES = { file: 'libraries/Shares.sol', tests: ['BitDeltaRoyalties', 'WeirdTokens'] };
const MERKLE = { file: 'libraries/Merkle.sol', tests: ['Formats'] };

// [contract, guard, what is replaced, by what]. `guard` makes a condition false: where it stands first in the file.
const never = (condition) => `if (false && (${condition})) {`;
const guard = (where, condition, name = condition) => [where, name, `if (${condition}) {`, never(condition)];
const MUTANTS = [
  // weird tokens
  [ROYALTIES, 'balance difference', 'received = IERC20(token).balanceOf(address(this)) - before;', 'received = amount; before;'],
  guard(ROYALTIES, 'received == 0', 'NothingReceived'),
  [ROYALTIES, 'SafeERC20 in', 'IERC20(token).safeTransferFrom(msg.sender, address(this), amount);', 'token.call(abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), amount)));'],
  [ROYALTIES, 'SafeERC20 out', 'IERC20(token).safeTransfer(to, amount);', 'token.call(abi.encodeCall(IERC20.transfer, (to, amount)));'],
  [ROYALTIES, 'lock is taken', '_receiving = 1;', '_receiving = 0;'],
  [ROYALTIES, 'lock is opened', '_;\n        _receiving = 0;', '_;'],
  [ROYALTIES, 'lock on what receives', 'modifier receives() {\n        if (_receiving != 0) {', 'modifier receives() {\n        if (false) {'],
  [ROYALTIES, 'lock on what pays out', 'modifier paysOut() {\n        if (_receiving != 0) {', 'modifier paysOut() {\n        if (false) {'],
  [ROYALTIES, 'try permit', 'try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) { } catch { }', 'IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s);'],
  [ROYALTIES, 'sent', 'if (!sent) {\n                revert SendFailed(to, amount);', 'if (false && !sent) {\n                revert SendFailed(to, amount);'],
  guard(ROYALTIES, 'msg.value != 0', 'WrongValue with a token'),
  guard(ROYALTIES, 'msg.value != amount', 'WrongValue of the native coin'),
  [ROYALTIES, 'bare transfers', 'revert PayThroughFunction();', ''],
  // money
  guard(ROYALTIES, '!covered', 'Overdrawn'),
  [ROYALTIES, 'claims are booked', 'claim_.amount = total;', ''],
  [ROYALTIES, 'paid is booked', 'entry.pot = word + amount;', ''],
  guard(ROYALTIES, 'root == 0', 'SoupNotFinal on claims'),
  [ROYALTIES, 'SoupNotFinal on payments', 'if (received == 0 && weightsRoot[soupId] == 0) {', 'if (false) {'],
  guard(ROYALTIES, 'index >= 1 << proof.length', 'IndexOutOfRange'),
  [ROYALTIES, 'WeightNotProven', /if \(Merkle\.climb\([^{]*\{/, 'if (false) {'],
  guard(ROYALTIES, 'controller != msg.sender', 'NotController'),
  guard(ROYALTIES, 'controller == address(0)', 'IdentityDeactivated'),
  guard(ROYALTIES, 'child == parent', 'SameSoup'),
  guard(ROYALTIES, 'msg.sender != SOUPS', 'NotSoups'),
  guard(ROYALTIES, 'weightsRoot[soupId] != 0', 'AlreadyFinal'),
  guard(ROYALTIES, 'amount > type(uint128).max', 'AmountTooLarge'),
  guard(ROYALTIES, 'amount > entry.amount', 'EscrowTooLow on requests'),
  guard(ROYALTIES, 'block.timestamp < entry.notBefore', 'WithdrawalPending'),
  guard(ROYALTIES, 'entry.announced == 0', 'NoWithdrawalRequested'),
  [ROYALTIES, 'a withdrawal leaves the escrow', 'entry.amount -= uint128(amount);', ''],
  guard(ROYALTIES, 'block.timestamp > voucher.expiry', 'voucher expiry'),
  guard(ROYALTIES, 'cumulative <= before', 'voucher replay'),
  guard(ROYALTIES, 'recovered != payer || recovered == address(0)', 'voucher signature'),
  guard(ROYALTIES, 'available < amount', 'voucher cover'),
  guard(ROYALTIES, 'word >> 128 == 0 && weightsRoot[soupId] == 0', 'voucher for a soup that is not final'),
  [ROYALTIES, 'vouchers leave the escrow', 'source.amount = uint128(available - amount);', ''],
  [ROYALTIES, 'vouchers are booked', 'drawn_.amount = cumulative;', ''],
  guard(ROYALTIES, 'expected != given', 'LengthMismatch'),
  guard(SHARES, 'start >= end || end > WHOLE', 'IntervalInvalid'),
  [SHARES, 'an interval never draws twice', 'amount = total > claimed ? total - claimed : 0;', 'amount = total;'],
  [SHARES, 'a smaller leaf under one index', 'amount = total > claimed ? total - claimed : 0;', 'amount = total - claimed;'],
  [SHARES, 'covered', 'covered = amount <= received - paid;', 'covered = true;'],
  // registry
  guard(REGISTRY, 'entry.publishedAt != 0', 'AlreadyPublished'),
  guard(REGISTRY, 'flags & ~Flags.CALLER != 0', 'FlagsNotAllowed'),
  guard(REGISTRY, 'delta.deltaRoot == 0 || delta.baseHash == 0 || delta.manifestDigest == 0', 'ZeroField'),
  guard(REGISTRY, 'current != prev', 'StaleHead'),
  guard(REGISTRY, 'spent + epsilonMilli > cap', 'BudgetExceeded'),
  guard(REGISTRY, 'allowed == 0', 'VerifierNotTrusted'),
  guard(REGISTRY, '!allowed', 'NotAuthorized'),
  guard(REGISTRY, 'block.timestamp > deadline', 'SignatureExpired'),
  guard(REGISTRY, 'block.timestamp < $.pausedUntil', 'Paused'),
  guard(REGISTRY, 'last != 0 && block.timestamp < last + PAUSE', 'PauseTooSoon'),
  guard(REGISTRY, 'msg.sender != $.owner', 'NotOwner'),
  guard(REGISTRY, 'entry.flags & flag != 0', 'EvidenceAlreadyRecorded'),
  guard(REGISTRY, 'entry.capped && capMilli >= entry.capMilli', 'CapNotLower'),
  guard(REGISTRY, '!TypedData.acceptedBy(controller, digest, signature)', 'InvalidSignature'),
  // identities
  guard(IDENTITIES, 'controller != msg.sender', 'NotController'),
  guard(IDENTITIES, 'block.timestamp > deadline', 'SignatureExpired'),
  [IDENTITIES, 'a nonce is used', '++_states[identity].nonce;\n        bytes32 digest', 'bytes32 digest'],
  guard(IDENTITIES, 'recovered != controller && !TypedData.acceptedBy(controller, digest, signature)', 'InvalidSignature'),
  guard(IDENTITIES, 'validity > MAX_VALIDITY', 'ValidityTooLong'),
  [IDENTITIES, 'delegates expire', '_delegates[identity][delegateType][actor] > block.timestamp', '_delegates[identity][delegateType][actor] != 0'],
  [AUTHORITY, 'the answer is long enough (controller)', 'and(gt(returndatasize(), 31), staticcall', 'and(1, staticcall'],
  [AUTHORITY, 'the answer is long enough (rights)', 'and(gt(returndatasize(), 63), staticcall', 'and(1, staticcall'],
  // soups
  guard(SOUPS, 'msg.value != BOND', 'WrongBond of a proposal'),
  guard(SOUPS, '_soups[soupId].status != SoupStatus.Unknown', 'SoupExists'),
  [SOUPS, 'the quorum is asked', /IQuorum\(QUORUM\)\.requireQuorum\([^;]*;/, 'structHash;'],
  guard(SOUPS, 'block.timestamp < entry.closesAt', 'WindowOpen'),
  guard(SOUPS, 'entry.openCases != 0', 'CasesOpen'),
  guard(SOUPS, 'block.timestamp >= entry.closesAt', 'WindowClosed'),
  guard(SOUPS, 'computed != soupId', 'HeaderMismatch'),
  guard(SOUPS, 'words.length != header.members', 'every member votes'),
  guard(SOUPS, 'committed == word', 'NoFraud in a rebuttal'),
  guard(SOUPS, 'committed != word', 'WordMismatch'),
  guard(SOUPS, 'computed != delta.deltaRoot', 'RootsMismatch'),
  guard(SOUPS, 'openCases >= MAX_CASES', 'TooManyCases'),
  guard(SOUPS, 'msg.value < least || msg.value > type(uint96).max', 'WrongBond of a demand'),
  guard(SOUPS, '!Merkle.verify(root, leaf, index, count, proof)', 'ProofInvalid'),
  guard(SOUPS, 'computed != entry.subject', 'NodeMismatch'),
  [SOUPS, 'a case is settled once', 'entry.status = CaseStatus.Held;', ''],
  [SOUPS, 'a bond is refunded once', 'entry.status = CaseStatus.Won;', ''],
  [SOUPS, 'a soup is slashed once', 'entry.status = SoupStatus.Slashed;', ''],
  [SOUPS, 'a credit is paid once', 'credit[account] = 0;', ''],
  [SOUPS, 'gas of a payment is bounded', 'call(SEND_GAS, to', 'call(gas(), to'],
  guard(SOUPS, 'delta.baseHash != header.baseHash', 'base of a member'),
  guard(SOUPS, 'delta.epsilonMilli > header.epsilonCapMilli', 'epsilon of a member'),
  guard(SOUPS, 'record.flags & Flags.PUBLIC == 0', 'private members'),
  guard(SOUPS, 'record.revokedAt != 0 && record.revokedAt <= header.snapshot', 'revoked members'),
  guard(SOUPS, 'withdrawnAt != 0 && withdrawnAt <= header.snapshot', 'withdrawn consents'),
  guard(SOUPS, 'recovered == address(0) || recovered != controller', "another key's consent"),
  guard(SOUPS, 'deadline < header.snapshot', 'late consents'),
  // recounts, quotes, ledger
  [RULES, 'VoteMismatch', /revert VoteMismatch\([^;]*;/g, ''],
  [RULES, 'AbstainMismatch', /revert AbstainMismatch\([^;]*;/g, ''],
  [RULES, 'MedianMismatch', /revert MedianMismatch\([^;]*;/g, ''],
  [MERKLE, 'the proof has the depth of the tree', 'proof.length == depth(count) && ', ''],
  guard(QUOTES, 'q.debug', 'debug enclaves'),
  guard(QUOTES, '!q.septVeDisabled', 'SEPT_VE_DISABLE'),
  guard(QUOTES, '!q.plainModule', 'plain modules'),
  guard(QUORUM, 'block.timestamp > entry.expiry', 'SessionKeyExpired'),
  guard(QUORUM, 'entry.revoked', 'SessionKeyRevoked'),
  guard(LEDGER, 'root == 0', 'ZeroRoot'),
];

const wanted = process.argv[2] ?? '';
const chosen = MUTANTS.filter(([where, name]) => `${where.file} ${name}`.includes(wanted));
const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'bitdelta-mutations-'));
for (const name of ['src', 'test', 'build', 'foundry.toml', 'package.json']) {
  fs.cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
}
for (const name of ['main', 'test']) fs.rmSync(path.join(copy, 'src', name), { recursive: true, force: true });
fs.symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));

const forge = (tests) =>
  spawnSync(path.join(root, 'node_modules/.bin/forge'), ['test', '--match-path', `test/{${tests.join(',')}}.t.sol`], {
    cwd: copy, encoding: 'utf8', maxBuffer: 1 << 28,
    env: { ...process.env, FOUNDRY_PROFILE: 'mutation', FOUNDRY_DENY: 'never', FOUNDRY_FUZZ_RUNS: '64' },
  });

function ran(what, run) {
  if (!/Suite result/.test(run.stdout ?? '')) throw new Error(`${what} does not compile:\n${run.stdout}${run.stderr}`);
  return [...new Set([...run.stdout.matchAll(/^\[FAIL[^\n]*\] (\w+)\(/gm)].map((match) => match[1]))];
}

const started = Date.now();
let survived = 0;
const sound = new Set();
for (const [where, name, from, to] of chosen) {
  const suites = where.tests.length === 1 ? `${where.tests[0]},${where.tests[0]}`.split(',') : where.tests;
  const key = suites.join(',');
  if (!sound.has(key)) {
    const failing = ran(`the unchanged source for ${key}`, forge(suites));
    if (failing.length !== 0) throw new Error(`without any change ${failing.join(', ')} fails`);
    sound.add(key);
  }
  const file = path.join(copy, 'src', where.file);
  const original = fs.readFileSync(file, 'utf8');
  const mutated = original.replace(from, to);
  if (mutated === original) throw new Error(`${where.file}: "${name}" does not apply any more`);
  fs.writeFileSync(file, mutated);
  const failing = ran(`${where.file}: "${name}"`, forge(suites));
  fs.writeFileSync(file, original);
  if (failing.length === 0) survived++;
  console.log(`${failing.length === 0 ? 'SURVIVES' : 'caught'}  ${where.file}: ${name}${failing.length === 0 ? '' : ` (${failing.join(', ')})`}`);
}
fs.rmSync(copy, { recursive: true });
console.log(`mutations: ${chosen.length - survived} of ${chosen.length} guards are missed when they are gone, in ${((Date.now() - started) / 1000).toFixed(0)} s`);
process.exit(survived === 0 ? 0 : 1);
