#!/usr/bin/env bash
# Checks format, lint and specifications, runs the Solidity tests (unit, fuzz, invariant), checks the gas snapshot with
# isolated transactions, and sends one suite of transactions to two EVMs. Prints the closing counts and the contracts' sizes;
# any failure, or a moved gas number, fails the build.
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
  grep -E '^(Ran [0-9]+ test suites?|conformance:|contracts:)' "$log" | sed 's/^Ran/contracts: forge ran/' || true
}

run forge-fmt node_modules/.bin/forge fmt --check src test proofs
# Apart from the build's folders: the linter writes artifacts without bytecode.
FOUNDRY_OUT=target/lint/out FOUNDRY_CACHE_PATH=target/lint/cache run forge-lint node_modules/.bin/forge lint src --severity high med low
run specs node build/specs.js
run forge-test node_modules/.bin/forge test --no-match-path 'test/Gas.t.sol'
FORGE_SNAPSHOT_CHECK=true run forge-gas node_modules/.bin/forge test --isolate --match-path 'test/Gas.t.sol'
run conformance node test/conformance/run.js
if command -v z3 >/dev/null; then
  run proofs node build/prove.js
else
  echo "contracts: the proofs were skipped: z3 is not installed (Debian: apt-get install z3)"
fi
cat target/forge/sizes
