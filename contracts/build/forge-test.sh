#!/usr/bin/env bash
# Runs the Solidity tests (unit, fuzz, invariant), checks the gas snapshot with isolated transactions, and sends one suite
# of transactions to two EVMs. Prints the closing counts; any failure, or a moved gas number, fails the build.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p target
if [ -e ../../shared/vectors/attestation/cases.json ]; then
  export BITDELTA_REAL_QUOTES=true
fi

run() {
  local log=target/$1.log
  shift
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
  grep -E '^(Ran [0-9]+ test suites?|conformance:|contracts:)' "$log" | sed 's/^Ran/contracts: forge ran/'
}

run forge-test node_modules/.bin/forge test --no-match-path 'test/Gas.t.sol'
FORGE_SNAPSHOT_CHECK=true run forge-gas node_modules/.bin/forge test --isolate --match-path 'test/Gas.t.sol'
run conformance node test/conformance/run.js
if command -v z3 >/dev/null; then
  run proofs node build/prove.js
else
  echo "contracts: the proofs were skipped: z3 is not installed (Debian: apt-get install z3)"
fi
