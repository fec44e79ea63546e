#!/usr/bin/env node
// Sends one suite of transactions to two independent EVMs, anvil (revm) and @ethereumjs/vm, under the hardfork Osaka, and
// compares status, gas, logs, created code, balances and every written storage slot.
'use strict';
const { spawn, execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { keccak256: keccakHex } = require('js-sha3');
const { createBlock } = require('@ethereumjs/block');
const { createCustomCommon, Hardfork, Mainnet } = require('@ethereumjs/common');
const { SimpleStateManager } = require('@ethereumjs/statemanager');
const { createLegacyTx, createTxFromRLP } = require('@ethereumjs/tx');
const { Account, Address, bytesToHex, createAddressFromPrivateKey, createAddressFromString, hexToBytes } = require('@ethereumjs/util');
const { createVM, runTx } = require('@ethereumjs/vm');

const root = path.join(__dirname, '../..');
const bin = path.join(root, 'node_modules/.bin');
const PORT = 20000 + (process.pid % 20000);
const RPC = `http://127.0.0.1:${PORT}`;
const CHAIN = 31337;
const GAS = 16_000_000n;
const GAS_PRICE = 3_000_000_000n;
// anvil's well-known development keys: they own nothing anywhere else.
const KEYS = execKeys();

function execKeys() {
  const mnemonic = 'test test test test test test test test test test test junk';
  return [0, 1, 2].map((i) =>
    execFileSync(path.join(bin, 'cast'), ['wallet', 'private-key', mnemonic, String(i)], { encoding: 'utf8' }).trim(),
  );
}

const keccak = (hex) => '0x' + keccakHex(Buffer.from(hex.replace(/^0x/, ''), 'hex'));
const word = (x) => (typeof x === 'string' ? x.replace(/^0x/, '').padStart(64, '0') : BigInt(x).toString(16).padStart(64, '0'));
const E = (...values) => '0x' + values.map(word).join('');
const T = (name) => '0x' + keccakHex(`bitdelta.${name}.v1`);
const H = (...values) => keccak(E(...values));
const pair = (l, r) => keccak(l + r.slice(2));
const ZERO = '0x' + '0'.repeat(64);

function tree(leaves) {
  let level = leaves.slice();
  let size = 1;
  while (size < leaves.length) size *= 2;
  while (level.length < size) level.push(ZERO);
  const levels = [level];
  while (level.length > 1) {
    const next = [];
    for (let i = 0; i < level.length; i += 2) next.push(pair(level[i], level[i + 1]));
    levels.push((level = next));
  }
  return { root: level[0], proof: (i) => levels.slice(0, -1).map((l, d) => l[(i >> d) ^ 1]) };
}

const cast = (...args) => execFileSync(path.join(bin, 'cast'), args, { encoding: 'utf8', maxBuffer: 1 << 26 }).trim();
const call = (signature, ...args) => cast('calldata', signature, ...args.map(String));
const artifact = (name) => JSON.parse(fs.readFileSync(path.join(root, `out/${name}.sol/${name}.json`), 'utf8'));
const create = (name, signature, ...args) =>
  artifact(name).bytecode.object + (signature ? cast('abi-encode', signature, ...args.map(String)).slice(2) : '');
const tuple = (...values) => `(${values.join(',')})`;
const array = (values) => `[${values.join(',')}]`;

let requests = 0;
async function rpc(method, ...params) {
  const response = await fetch(RPC, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: ++requests, method, params }),
  });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
  return result;
}

function same(what, left, right) {
  const a = JSON.stringify(left);
  const b = JSON.stringify(right);
  if (a !== b) throw new Error(`${what}: anvil ${a}, ethereumjs ${b}`);
}

async function main() {
  const anvil = spawn(path.join(bin, 'anvil'), [
    '--host', '127.0.0.1', '--port', String(PORT), '--hardfork', 'osaka', '--chain-id', String(CHAIN), '--silent', '--enable-tx-gas-limit',
  ]);
  try {
    for (let i = 0; ; i++) {
      try {
        await rpc('eth_chainId');
        break;
      } catch (e) {
        if (i === 100) throw new Error(`anvil does not answer on ${RPC}: ${e.message}`);
        await new Promise((done) => setTimeout(done, 100));
      }
    }
    await suite();
  } finally {
    anvil.kill('SIGTERM');
  }
}

async function suite() {
  const common = createCustomCommon({ chainId: CHAIN }, Mainnet, { hardfork: Hardfork.Osaka });
  const state = new SimpleStateManager();
  const vm = await createVM({ common, stateManager: state });
  const people = KEYS.map((key) => createAddressFromPrivateKey(hexToBytes(key)));
  for (const person of people) {
    const balance = BigInt(await rpc('eth_getBalance', person.toString(), 'latest'));
    await state.putAccount(person, new Account(0n, balance));
  }
  const nonces = [0n, 0n, 0n];
  const touched = new Set(people.map(String));
  let count = 0;
  let gas = 0n;

  async function send(who, to, data, value = 0n) {
    const tx = createLegacyTx(
      { nonce: nonces[who]++, gasPrice: GAS_PRICE, gasLimit: GAS, to: to ? createAddressFromString(to) : undefined, data, value },
      { common },
    ).sign(hexToBytes(KEYS[who]));
    const hash = await rpc('eth_sendRawTransaction', bytesToHex(tx.serialize()));
    let receipt = null;
    for (let i = 0; receipt === null && i < 200; i++) {
      receipt = await rpc('eth_getTransactionReceipt', hash);
      if (receipt === null) await new Promise((done) => setTimeout(done, 10));
    }
    const mined = await rpc('eth_getBlockByNumber', receipt.blockNumber, false);
    const block = createBlock(
      {
        header: {
          number: BigInt(mined.number), timestamp: BigInt(mined.timestamp), gasLimit: BigInt(mined.gasLimit),
          baseFeePerGas: BigInt(mined.baseFeePerGas), coinbase: createAddressFromString(mined.miner), mixHash: hexToBytes(mined.mixHash),
        },
      },
      { common, skipConsensusFormatValidation: true },
    );
    const result = await runTx(vm, { tx: createTxFromRLP(tx.serialize(), { common }), block, skipBlockGasLimitValidation: true });
    const label = `transaction ${++count} (${data.slice(0, 10)})`;
    same(`${label} status`, receipt.status, result.receipt.status ? '0x1' : '0x0');
    same(`${label} gas`, BigInt(receipt.gasUsed).toString(), result.totalGasSpent.toString());
    same(
      `${label} logs`,
      receipt.logs.map((log) => [log.address, log.topics, log.data]),
      result.receipt.logs.map(([address, topics, bytes]) => [bytesToHex(address), topics.map((t) => bytesToHex(t)), bytesToHex(bytes)]),
    );
    if (!to) {
      same(`${label} address`, receipt.contractAddress, result.createdAddress.toString());
      touched.add(receipt.contractAddress);
    }
    touched.add(mined.miner);
    gas += BigInt(receipt.gasUsed);
    return { ...receipt, answer: bytesToHex(result.execResult.returnValue) };
  }
  const ok = async (...args) => {
    const receipt = await send(...args);
    if (receipt.status !== '0x1') throw new Error(`transaction ${count} failed on both`);
    return receipt;
  };
  // Nothing stands between this script and the chain: what refuses is the contract's code, run by two EVMs, and both say why.
  const refused = async (error, who, to, data, value = 0n) => {
    const said = await rpc('eth_call', { from: people[who].toString(), to, data, value: `0x${value.toString(16)}` }, 'latest').then(
      () => 'nothing', (failure) => failure.message,
    );
    const receipt = await send(who, to, data, value);
    if (receipt.status !== '0x0') throw new Error(`transaction ${count} should fail`);
    const selector = cast('sig', error);
    if (!said.includes(selector)) throw new Error(`transaction ${count}: anvil says ${said}, not ${error}`);
    if (!receipt.answer.startsWith(selector)) throw new Error(`transaction ${count}: ethereumjs answers ${receipt.answer}, not ${error}`);
  };
  const deploy = async (name, ...args) => (await ok(0, null, create(name, ...args))).contractAddress;
  const read = (to, data) => rpc('eth_call', { to, data }, 'latest');

  // ---- the house
  const identities = await deploy('IdentityRegistry');
  const implementation = await deploy('BitDeltaRegistry', 'constructor(address)', identities);
  const registry = await deploy(
    'BitDeltaRegistryProxy', 'constructor(address,bytes)', implementation, call('initialize(address,address)', people[0], people[0]),
  );
  const soups = await deploy(
    'DeltaSoups', 'constructor(address,address,address,uint40,uint40,uint40,uint128,uint128,address,uint16,uint40)',
    registry, identities, '0x' + '0'.repeat(40), 600, 300, 0, 10n ** 18n, 10n ** 9n, '0x' + '0'.repeat(40), 500, 3600,
  );
  const royalties = '0x' + (await read(soups, call('ROYALTIES()'))).slice(26);
  touched.add(royalties);
  touched.add('0x' + (await read(soups, call('RULES()'))).slice(26));
  touched.add('0x000000000000000000000000000000000000dead');
  const ledger = await deploy('TrainingLedger', 'constructor(address,address)', identities, royalties);

  // ---- three members with real commitments
  const base = H(T('x'), 1);
  const layout = H(T('x'), 2);
  const PUBLISH = 'publish((address,bytes32,bytes32,bytes32,bytes32,uint24,uint8),bytes32,bytes32,address,bytes)';
  const typehash = '0x' + keccakHex('Delta(address identity,bytes32 baseHash,bytes32 deltaRoot,bytes32 manifestDigest,bytes32 receiptHash,uint24 epsilonMilli,uint8 flags)');
  const leaf = (who, kind, chunk) => H(T('leaf'), who, kind, 0, ZERO, keccak(chunk));
  const chunkOf = (words) => '0x' + words.map(word).join('').padEnd(2048, '0');
  const members = people.map((person, i) => {
    const sign = H(T('x'), 'aa', i);
    const signs = chunkOf([sign]);
    const scales = chunkOf([BigInt('0x3c000000') + BigInt(i)]);
    const roots = [layout, 1, leaf(person.toString(), 0, signs), 1, leaf(person.toString(), 1, scales), ZERO, H(T('x'), 'ff', i)];
    const delta = [person.toString(), base, H(T('root'), ...roots), H(T('x'), 'cc', i), ZERO, 0, 1];
    return { who: i, sign, signs, roots, delta, id: H(typehash, ...delta) };
  });
  for (const m of members) await ok(m.who, registry, call(PUBLISH, tuple(...m.delta), ZERO, ZERO, '0x' + '0'.repeat(40), '0x'));
  await refused('AlreadyPublished(bytes32,uint256,uint256)', 0, registry, call(PUBLISH, tuple(...members[0].delta), members[0].id, ZERO, '0x' + '0'.repeat(40), '0x'));
  members.sort((a, b) => (a.id < b.id ? -1 : 1));

  // ---- a soup with one flipped bit, and an honest one
  const bits = members.map((m) => BigInt(m.sign));
  const [a, b, c] = bits;
  const majority = (a & b) | (a & c) | (b & c);
  const memberTree = tree(members.map((m, i) => H(T('member'), i, m.id)));
  const weightTree = tree(
    members.map((m, i) => H(T('weight'), i, 0, m.delta[0], Math.floor((i * 1e9) / 3), Math.floor(((i + 1) * 1e9) / 3))),
  );
  const HEADER = '(bytes32,bytes32,bytes32,bytes32,bytes32,bytes32,bytes32,bytes32,uint32,uint32,uint32,uint32,uint32,uint24,uint8,uint8,uint8,uint40)';
  async function propose(result) {
    const chunk = chunkOf([result]);
    const scales = chunkOf([BigInt('0x3c000001')]);
    const { timestamp } = await rpc('eth_getBlockByNumber', 'latest', false);
    const header = tuple(
      base, layout, memberTree.root, leaf('0x' + '0'.repeat(40), 0, chunk), ZERO, leaf('0x' + '0'.repeat(40), 1, scales), weightTree.root,
      H(T('x'), 9), 3, 0, 3, 1, 1, 0, 1, 1, 1, BigInt(timestamp),
    );
    const receipt = await ok(0, soups, call(`propose(${HEADER},bytes)`, header, '0x'), 10n ** 18n);
    return { header, chunk, soupId: receipt.logs[0].topics[1] };
  }
  const CHALLENGE = `challenge(bytes32,${HEADER},uint8,uint32,uint8)`;
  const ANSWER = `answer(uint256,${HEADER},uint256[],bytes,bytes32[],bytes,bytes32[])`;
  const flipped = [...Array(256).keys()].find((bit) => [a, b, c].filter((x) => (x >> BigInt(bit)) & 1n).length === 2);
  const fraud = await propose(majority ^ (1n << BigInt(flipped)));
  await ok(1, soups, call(CHALLENGE, fraud.soupId, fraud.header, 0, 0, 0), 10n ** 17n);
  await refused('VoteMismatch(uint256,uint256)', 0, soups, call(ANSWER, 1, fraud.header, array(bits), fraud.chunk, '[]', '0x', '[]'));
  const liar = bits.findIndex((x) => (x >> BigInt(flipped)) & 1n);
  const bent = bits.map((x, i) => (i === liar ? x ^ (1n << BigInt(flipped)) : x));
  await ok(0, soups, call(ANSWER, 1, fraud.header, array(bent), fraud.chunk, '[]', '0x', '[]'));
  const wordTree = tree(bent.map((x, i) => H(T('word'), i, x)));
  const m = members[liar];
  await ok(
    2, soups,
    call(
      `rebut(uint256,${HEADER},uint32,uint256,bytes32[],(address,bytes32,bytes32,bytes32,bytes32,uint24,uint8),bytes32[],(bytes32,uint256,bytes32,uint256,bytes32,bytes32,bytes32),bytes,bytes32,bytes32[])`,
      1, fraud.header, liar, bent[liar], array(wordTree.proof(liar)), tuple(...m.delta), array(memberTree.proof(liar)), tuple(...m.roots), m.signs,
      ZERO, '[]',
    ),
  );
  await ok(1, soups, call('withdraw(address)', people[1]));
  const honest = await propose(majority);
  await ok(1, soups, call(CHALLENGE, honest.soupId, honest.header, 0, 0, 0), 10n ** 17n);
  await ok(0, soups, call(ANSWER, 2, honest.header, array(bits), honest.chunk, '[]', '0x', '[]'));
  await rpc('evm_increaseTime', 301);
  await ok(2, soups, call('settle(uint256)', 2));
  await rpc('evm_increaseTime', 700);
  await ok(0, soups, call(`finalize(bytes32,${HEADER})`, honest.soupId, honest.header));

  // ---- money and the rest
  const native = '0x' + '0'.repeat(40);
  await refused('SoupNotFinal(bytes32)', 1, royalties, call('pay(bytes32,address,uint256)', fraud.soupId, native, 1000), 1000n);
  await ok(1, royalties, call('pay(bytes32,address,uint256)', honest.soupId, native, 1000), 1000n);
  for (let i = 0; i < 3; i++) {
    await ok(
      2, royalties,
      call(
        'claim(bytes32,address,uint256,address,uint256,uint256,bytes32[])', honest.soupId, native, i, members[i].delta[0],
        Math.floor((i * 1e9) / 3), Math.floor(((i + 1) * 1e9) / 3), array(weightTree.proof(i)),
      ),
    );
  }
  await ok(0, registry, call('revoke(bytes32)', members.find((x) => x.who === 0).id));
  await ok(0, identities, call('addDelegate(address,bytes32,address,uint256)', people[0], ZERO, people[1], 100));
  await ok(0, identities, call('changeOwner(address,address)', people[0], people[1]));
  const fork = await ok(2, ledger, call('forkModel(address,bytes32,uint256)', people[2], base, 1));
  await ok(2, ledger, call('recordTraining(bytes32,uint256,bytes32,uint256,uint256)', fork.logs[0].topics[1], 0, base, 0, 4));

  // ---- the whole state that was written
  let slots = 0;
  for (const stack of state.storageStack) {
    for (const key of stack.keys()) {
      const [address, slot] = key.split('_');
      const on = `0x${address.replace(/^0x/, '')}`;
      const at = `0x${slot.replace(/^0x/, '')}`;
      const value = await state.getStorage(createAddressFromString(on), hexToBytes(at));
      same(`slot ${at} of ${on}`, BigInt(await rpc('eth_getStorageAt', on, at, 'latest')).toString(), BigInt(value.length ? bytesToHex(value) : 0).toString());
      touched.add(on);
      slots++;
    }
  }
  if (slots < 20) throw new Error(`only ${slots} slots were compared: the state manager's layout has changed`);
  for (const address of touched) {
    const account = (await state.getAccount(createAddressFromString(address))) ?? new Account();
    same(`balance of ${address}`, BigInt(await rpc('eth_getBalance', address, 'latest')).toString(), account.balance.toString());
    same(`nonce of ${address}`, BigInt(await rpc('eth_getTransactionCount', address, 'latest')).toString(), account.nonce.toString());
    same(`code of ${address}`, await rpc('eth_getCode', address, 'latest'), bytesToHex(await state.getCode(createAddressFromString(address))));
  }
  console.log(`conformance: ${count} transactions, ${gas} gas, ${slots} storage slots and ${touched.size} accounts agree on anvil and @ethereumjs/vm`);
}

main().catch((e) => {
  console.error(`conformance: ${e.stack}`);
  process.exit(1);
});
