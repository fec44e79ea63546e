#!/usr/bin/env bash
# What takes longer than a build may: line and branch coverage of the Solidity sources, and the mutants.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p target

# The optimizer must be as good as off for lines to be told apart; sizes and gas are not those of the deployed code.
FOUNDRY_DENY=never node_modules/.bin/forge coverage --ir-minimum --report summary --no-match-path 'test/{Gas,Invariants}.t.sol' \
  >target/forge-coverage.log 2>&1 || {
  cat target/forge-coverage.log >&2
  exit 1
}
grep -E '^\|.*(File|src/|Total)' target/forge-coverage.log | sed 's/^/contracts: coverage /'
node build/mutations.js | tee target/mutations.log
