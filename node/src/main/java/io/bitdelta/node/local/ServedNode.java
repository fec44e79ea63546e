package io.bitdelta.node.local;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.NodeServer;
import io.bitdelta.node.api.ServerSettings;
import io.bitdelta.node.api.auth.AuthApi;
import io.bitdelta.node.api.contract.Contract;
import io.bitdelta.node.api.did.DidApi;
import io.bitdelta.node.api.did.DidChangeApi;
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
import io.bitdelta.node.config.TestChains;
import io.bitdelta.node.metrics.NodeMeters;
import io.bitdelta.node.soup.SoupMembers;
import io.bitdelta.node.soup.SoupRegister;
import io.bitdelta.node.verify.ContentFetch;
import io.bitdelta.node.verify.VerifyService;
import java.io.IOException;
import java.net.URI;
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
    private static final int CHECKS_AT_ONCE = 4;

    /** An index that is further behind than this is not fit to answer from. */
    private static final long MOST_LAG = 50;

    private static final Logger log = LoggerFactory.getLogger(ServedNode.class);

    private final LocalNode node;
    private final NodeServer server;
    private final NodeMeters meters;
    private final NodeGauges gauges;

    private ServedNode(LocalNode node, NodeServer server, NodeMeters meters, NodeGauges gauges) {
        this.gauges = gauges;
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
        NodeGauges gauges = new NodeGauges(node, System::nanoTime);
        NodeMeters meters = new NodeMeters(List.of(gauges));
        List<String> warnings = UnsafeSettings.of(node.config(), chainId);
        warnings.forEach(warning -> log.warn("unsafe or development setting: {}", warning));

        List<ApiArea> areas = new ArrayList<>();
        areas.add(new StatusApi(contract, needs(node), () -> info(node, warnings), meters));
        areas.add(new AuthApi(sessions, grants));
        Sponsoring sponsoring = new Sponsoring(TestChains.contains(chainId));
        areas.add(new RoyaltyApi(node.royalties(), node.jobs(), sponsoring));
        areas.add(new SoupApi(
                new SoupRegister(node.database()), new SoupMembers(node.database(), node.content()), node.royalties()));
        areas.add(new DidApi(node.dids(), node.indexChanges(), clock));
        areas.add(new DidChangeApi(node.didChanges(), node.jobs(), chainId, TestChains.contains(chainId)));
        areas.add(new DeltaLookupApi(node.deltas(), node.indexChanges(), clock));
        areas.add(new LedgerApi(node.ledger()));
        areas.add(new VerifyApi(
                new VerifyService(
                        node.chain(),
                        node.registry().address(),
                        ContentFetch.of(node.content().published()),
                        node.folder().work(),
                        CHECKS_AT_ONCE),
                node::deltaOf));
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
                        meters,
                        node.traces()));
        listening.set(server.port());
        return new ServedNode(node, server, meters, gauges);
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
                    long behind = node.chain().head().number() - node.indexedBlock();
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
                LocalNode.VERSION,
                chainId,
                TestChains.contains(chainId),
                addresses(node.deployment()),
                node.indexedBlock(),
                node.confirmations(),
                warnings);
    }

    private static Map<String, String> addresses(Deployment deployment) {
        Map<String, String> addresses = new TreeMap<>();
        deployment.contracts().forEach((name, contract) -> addresses.put(name, contract.address()));
        return addresses;
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** Where this machine reaches it. */
    public URI address() {
        HttpConfig http = node.config().http();
        String host = http.host().indexOf(':') < 0 ? http.host() : "[" + http.host() + "]";
        return URI.create(
                "%s://%s:%d".formatted(http.certificates().isEmpty() ? "http" : "https", host, server.port()));
    }

    /** Looks at what is to be measured; call it now and then. */
    public void measure() {
        gauges.look();
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
