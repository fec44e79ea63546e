#!/usr/bin/env bash
# Installs the pinned npm packages when the lock file has changed since the last time.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "contracts: Node.js 20 or later and npm are needed to build the contracts; install them (Debian: apt-get install nodejs npm)" >&2
  exit 2
fi
major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -lt 20 ]; then
  echo "contracts: Node.js $(node --version) is too old; 20 or later is needed" >&2
  exit 2
fi

stamp=node_modules/.installed-from
want=$(sha256sum package-lock.json | cut -d' ' -f1)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
  exit 0
fi
echo "contracts: installing the Solidity compiler, Foundry and OpenZeppelin from npm (about 200 MB)" >&2
npm ci --ignore-scripts --no-progress --loglevel=error
printf '%s' "$want" >"$stamp"
