package io.bitdelta.node.local;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.NodeServer;
import io.bitdelta.node.api.ServerSettings;
import io.bitdelta.node.api.auth.AuthApi;
import io.bitdelta.node.api.contract.Contract;
import io.bitdelta.node.api.did.DidApi;
import io.bitdelta.node.api.lookup.DeltaLookupApi;
import io.bitdelta.node.api.lookup.LedgerApi;
import io.bitdelta.node.api.publish.DeltaApi;
import io.bitdelta.node.api.publish.JobApi;
import io.bitdelta.node.api.publish.JobIntake;
import io.bitdelta.node.api.publish.Sponsoring;
import io.bitdelta.node.api.royalty.RoyaltyApi;
import io.bitdelta.node.api.royalty.SoupApi;
import io.bitdelta.node.api.soup.ProposalApi;
import io.bitdelta.node.api.status.NodeInfo;
import io.bitdelta.node.api.status.Readiness;
import io.bitdelta.node.api.status.StatusApi;
import io.bitdelta.node.api.store.StoreApi;
import io.bitdelta.node.api.verify.VerifyApi;
import io.bitdelta.node.auth.ApiKeys;
import io.bitdelta.node.auth.AuthSettings;
import io.bitdelta.node.auth.CallerRecords;
import io.bitdelta.node.auth.ChainSignatures;
import io.bitdelta.node.auth.Grants;
import io.bitdelta.node.auth.Nonces;
import io.bitdelta.node.auth.SecretKeyFile;
import io.bitdelta.node.auth.Sessions;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.Deployment;
import io.bitdelta.node.config.HttpConfig;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.TestChains;
import io.bitdelta.node.metrics.NodeMeters;
import io.bitdelta.node.soup.SoupMembers;
import io.bitdelta.node.soup.SoupRegister;
import io.bitdelta.node.store.Schema;
import io.bitdelta.node.verify.ContentFetch;
import io.bitdelta.node.verify.VerifyService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node with its HTTP server: the one place that says which areas the API has. */
public final class ServedNode implements AutoCloseable {
    private static final String VERSION = "0.1.0";
    private static final int CHECKS_AT_ONCE = 4;

    /** An index that is further behind than this is not fit to answer from. */
    private static final long MOST_LAG = 50;

    private static final Logger log = LoggerFactory.getLogger(ServedNode.class);

    private final LocalNode node;
    private final NodeServer server;
    private final NodeMeters meters;

    private ServedNode(LocalNode node, NodeServer server, NodeMeters meters) {
        this.node = node;
        this.server = server;
        this.meters = meters;
    }

    /**
     * Serves a node; the caller closes both, this one first.
     *
     * @param port 0 takes a free one
     * @throws io.bitdelta.node.api.PortBusyException when the port is taken
     * @throws IOException when the key of sessions cannot be read or made
     */
    public static ServedNode start(LocalNode node, String host, int port) throws IOException {
        Contract contract = Contract.load();
        SecureRandom random = new SecureRandom();
        Clock clock = node.clock();
        long chainId = node.registry().chainId();
        AtomicInteger listening = new AtomicInteger(port);
        byte[] secret = SecretKeyFile.open(node.folder().root().resolve("session.key"), random);
        ChainSignatures signatures = new ChainSignatures(node.chain());
        AuthSettings auth = new AuthSettings(
                () -> node.config().http().originsAt(listening.get()),
                chainId,
                node.config().auth().session(),
                node.config().auth().operators(),
                node.config().auth().sponsored());
        Sessions sessions =
                new Sessions(auth, new Nonces(node.database(), secret, random, clock), signatures, secret, clock);
        Grants grants = new Grants(
                node.database(),
                signatures,
                chainId,
                EvmAddress.of(node.registry().address()),
                clock);
        NodeMeters meters = new NodeMeters(List.of());
        List<String> warnings = warnings(node);
        warnings.forEach(warning -> log.warn("unsafe or development setting: {}", warning));

        List<ApiArea> areas = new ArrayList<>();
        areas.add(new StatusApi(contract, needs(node), () -> info(node, warnings), meters));
        areas.add(new AuthApi(sessions, grants));
        Sponsoring sponsoring = new Sponsoring(TestChains.contains(chainId));
        areas.add(new RoyaltyApi(node.royalties(), node.jobs(), sponsoring));
        areas.add(new SoupApi(
                new SoupRegister(node.database()), new SoupMembers(node.database(), node.content()), node.royalties()));
        areas.add(new DidApi(node.dids(), node::indexGeneration));
        areas.add(new DeltaLookupApi(node.deltas()));
        areas.add(new LedgerApi(node.ledger()));
        areas.add(new VerifyApi(
                new VerifyService(
                        node.chain(),
                        node.registry().address(),
                        ContentFetch.of(node.content().published()),
                        node.folder().work(),
                        CHECKS_AT_ONCE),
                cid -> byManifest(node, cid)));
        areas.add(new DeltaApi(node.jobs(), node.uploads(), node.gasBudget(), sponsoring));
        areas.add(new JobApi(node.jobs(), node.signatures()));
        JobIntake intake = new JobIntake(node.jobs());
        areas.add(new ProposalApi(intake, node.consenting()));
        areas.add(new StoreApi(intake));

        NodeServer server = NodeServer.start(
                settings(node, host, port, chainId),
                new NodeServer.Parts(
                        contract,
                        areas,
                        new CallerRecords(sessions, new ApiKeys(node.database(), random, clock)),
                        (owner, grantee, scope) -> grants.permits(owner, grantee, scope, Bytes32.ZERO),
                        node.content().published(),
                        meters));
        listening.set(server.port());
        return new ServedNode(node, server, meters);
    }

    private static ServerSettings settings(LocalNode node, String host, int port, long chainId) {
        HttpConfig http = node.config().http();
        return new ServerSettings(
                host,
                port,
                http.certificates().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new ServerSettings.Tls(Path.of(http.certificates()), Path.of(http.key()))),
                http.behindProxy(),
                http.cors(),
                node.folder().work(),
                ServerSettings.Limits.USUAL.withRates(http.perAddress(), http.perPrincipal()),
                TestChains.contains(chainId));
    }

    /** What an operator should know before trusting this node with anything: a sentence for each setting. */
    private static List<String> warnings(LocalNode node) {
        NodeConfig config = node.config();
        List<String> warnings = new ArrayList<>();
        if (config.chain().embedded()) {
            warnings.add("chain.rpc: an embedded development chain, whose money is worth nothing and whose clock can be"
                    + " moved");
        } else if (TestChains.contains(node.registry().chainId())) {
            warnings.add("chain.rpc: chain %d is a test chain: development evidence is accepted"
                    .formatted(node.registry().chainId()));
        }
        if (config.database().embedded()) {
            warnings.add(
                    "database.url: a file in the data folder, so this node runs alone; several nodes need PostgreSQL");
        }
        if (config.http().cors().contains("*")) {
            warnings.add("http.cors: any web page's scripts may read answers");
        }
        if (config.http().behindProxy()) {
            warnings.add("http.behindProxy: X-Forwarded-For is believed; nobody may reach the port but the proxy");
        } else if (config.http().certificates().isEmpty()) {
            warnings.add("http.certificates: no TLS; tokens pass in clear on this machine");
        }
        if (config.auth().operators().isEmpty()) {
            warnings.add("auth.operators: nobody; operators' operations need an API key with the scope operator");
        }
        return List.copyOf(warnings);
    }

    private static List<Readiness> needs(LocalNode node) {
        return List.of(
                need(
                        "chain",
                        () -> "chain %d, block %d"
                                .formatted(
                                        node.chain().chainId(),
                                        node.chain().head().number())),
                need("database", () -> "%d".formatted(node.database().reads().fetchCount(DSL.selectOne()))),
                need("store", () -> {
                    if (!Files.isWritable(node.folder().work())) {
                        throw new IOException("the data folder cannot be written");
                    }
                    return "writable";
                }),
                need("index", () -> {
                    long behind = node.chain().head().number() - indexed(node);
                    if (behind > MOST_LAG) {
                        throw new ChainException("the index is %d blocks behind".formatted(behind));
                    }
                    return "%d blocks behind".formatted(Math.max(0, behind));
                }));
    }

    private static Readiness need(String name, Callable<String> look) {
        return new Readiness() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String look() throws Exception {
                return look.call();
            }
        };
    }

    private static NodeInfo info(LocalNode node, List<String> warnings) {
        long chainId = node.registry().chainId();
        return new NodeInfo(
                VERSION, chainId, TestChains.contains(chainId), addresses(node.deployment()), indexed(node), warnings);
    }

    private static Map<String, String> addresses(Deployment deployment) {
        Map<String, String> addresses = new TreeMap<>();
        deployment.contracts().forEach((name, contract) -> addresses.put(name, contract.address()));
        return addresses;
    }

    private static long indexed(LocalNode node) {
        Long newest = node.database()
                .reads()
                .select(DSL.max(Schema.NUMBER))
                .from(Schema.CHAIN_BLOCK)
                .fetchOne(0, Long.class);
        return newest == null ? -1 : newest;
    }

    private static Optional<Bytes32> byManifest(LocalNode node, Cid cid) {
        String digest = HexText.of(cid.digest());
        return node.database()
                .reads()
                .select(Schema.DELTA_ID)
                .from(Schema.DELTA)
                .where(Schema.MANIFEST_DIGEST.eq(digest))
                .limit(1)
                .fetchOptional(Schema.DELTA_ID)
                .map(Bytes32::of);
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** The node behind the server. */
    public LocalNode node() {
        return node;
    }

    /** The server. */
    public NodeServer server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
        meters.close();
    }
}
