#!/usr/bin/env bash
# What takes longer than a build may: coverage of the Solidity sources, and the mutants.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p target
build/coverage.sh
node build/mutations.js | tee target/mutations.log
