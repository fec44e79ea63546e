#!/usr/bin/env bash
# Line and branch coverage of the Solidity sources by the unit and fuzz tests, without the invariant tests.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p target

# The optimizer must be as good as off for lines to be told apart; sizes and gas are not those of the deployed code, so the
# artifacts go to folders of their own.
FOUNDRY_OUT=target/coverage-out FOUNDRY_CACHE_PATH=target/coverage-cache FOUNDRY_DENY=never \
  node_modules/.bin/forge coverage --ir-minimum --report summary --no-match-path 'test/{Gas,Invariants}.t.sol' \
  >target/forge-coverage.log 2>&1 || {
  cat target/forge-coverage.log >&2
  exit 1
}
grep -E '^\| (File|src/)' target/forge-coverage.log | sed 's/^/contracts: coverage /'
