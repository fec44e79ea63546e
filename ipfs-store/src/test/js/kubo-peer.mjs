// A Kubo-compatible RPC peer for the tests: js-ipfs, offline, on a free loopback port.
// Usage: node kubo-peer.mjs REPO_FOLDER. Prints "READY <port>" and runs until it is killed.

// js-ipfs' dependencies expect a newer Node than the oldest this project supports.
Promise.withResolvers ??= function () {
  let resolve
  let reject
  const promise = new Promise((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

const { create } = await import('ipfs-core')
const { HttpApi } = await import('ipfs-http-server')

const ipfs = await create({
  repo: process.argv[2],
  offline: true,
  silent: true,
  init: { algorithm: 'Ed25519', emptyRepo: true },
  config: {
    Addresses: { Swarm: [], API: '/ip4/127.0.0.1/tcp/0', Gateway: '', RPC: '' },
    Bootstrap: [],
    Discovery: { MDNS: { Enabled: false }, webRTCStar: { Enabled: false } }
  }
})
const api = new HttpApi(ipfs)
await api.start()
const port = api._apiServers[0].info.port
console.log(`READY ${port}`)
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
