// Reads a delta's record and its publication event. Arguments: RPC address, registry, delta id. Prints one JSON object.
import { Contract, JsonRpcProvider } from "ethers";

const [rpc, registry, deltaId] = process.argv.slice(2);
const provider = new JsonRpcProvider(rpc, undefined, { staticNetwork: true });
const contract = new Contract(
  registry,
  [
    "function record(bytes32 deltaId) view returns (tuple(address identity, uint40 publishedAt, uint40 revokedAt, uint8 flags))",
    "function head(address identity, bytes32 baseHash) view returns (bytes32)",
    `event DeltaPublished(bytes32 indexed deltaId, address indexed identity, bytes32 indexed baseHash, bytes32 deltaRoot,
      bytes32 manifestDigest, bytes32 receiptHash, bytes32 prev, uint24 epsilonMilli, uint8 flags, bytes32 evidenceDigest)`,
  ],
  provider,
);
const record = await contract.record(deltaId);
const events = await contract.queryFilter(contract.filters.DeltaPublished(deltaId), 0);
const [published] = events;
console.log(
  JSON.stringify({
    identity: record.identity.toLowerCase(),
    publishedAt: Number(record.publishedAt),
    revokedAt: Number(record.revokedAt),
    events: events.length,
    transaction: published.transactionHash,
    deltaRoot: published.args.deltaRoot,
    manifestDigest: published.args.manifestDigest,
    evidenceDigest: published.args.evidenceDigest,
    head: await contract.head(record.identity, published.args.baseHash),
  }),
);
provider.destroy();
