#!/usr/bin/env bash
# Compiles the Solidity sources and writes each contract's artifact for the Java side, if anything has changed.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p target/forge

inputs() {
  find src build -type f ! -name '*.java' -print0 | sort -z | xargs -0 sha256sum
  sha256sum foundry.toml package-lock.json
}
want=$(inputs | sha256sum | cut -d' ' -f1)
stamp=target/forge/inputs
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && [ -d target/generated-resources ]; then
  exit 0
fi
echo "contracts: compiling Solidity" >&2
node_modules/.bin/forge build --skip test --skip script >target/forge.log 2>&1 || {
  cat target/forge.log >&2
  exit 1
}
node build/artifacts.js
mkdir -p target/forge
printf '%s' "$want" >"$stamp"
