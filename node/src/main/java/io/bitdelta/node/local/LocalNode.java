package io.bitdelta.node.local;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.node.attest.EvidenceGate;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.Deployer;
import io.bitdelta.node.chain.Deployment;
import io.bitdelta.node.chain.EmbeddedChain;
import io.bitdelta.node.chain.Finality;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.SendingRules;
import io.bitdelta.node.chain.Signers;
import io.bitdelta.node.chain.SoupTerms;
import io.bitdelta.node.chain.endpoint.EndpointPool;
import io.bitdelta.node.chain.endpoint.PoolRules;
import io.bitdelta.node.config.DataFolder;
import io.bitdelta.node.config.DevelopmentKeys;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.PublishConfig;
import io.bitdelta.node.config.TestChains;
import io.bitdelta.node.config.TracesConfig;
import io.bitdelta.node.did.DidChangeJob;
import io.bitdelta.node.did.DidChanges;
import io.bitdelta.node.did.DidResolver;
import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.jobs.JobRules;
import io.bitdelta.node.jobs.Jobs;
import io.bitdelta.node.lookup.DeltaLookup;
import io.bitdelta.node.lookup.IndexChanges;
import io.bitdelta.node.lookup.IndexDepth;
import io.bitdelta.node.lookup.Indexer;
import io.bitdelta.node.lookup.LedgerLookup;
import io.bitdelta.node.lookup.ManifestIndex;
import io.bitdelta.node.lookup.SoupLookup;
import io.bitdelta.node.publish.EvaluationGate;
import io.bitdelta.node.publish.OwnerSigner;
import io.bitdelta.node.publish.PublishJob;
import io.bitdelta.node.publish.PublishService;
import io.bitdelta.node.publish.RegistryContract;
import io.bitdelta.node.publish.RevokeJob;
import io.bitdelta.node.publish.Signatures;
import io.bitdelta.node.publish.Sponsor;
import io.bitdelta.node.publish.Uploads;
import io.bitdelta.node.relay.GasBudget;
import io.bitdelta.node.relay.RelayRules;
import io.bitdelta.node.royalty.ClaimJob;
import io.bitdelta.node.royalty.EscrowJob;
import io.bitdelta.node.royalty.PaymentJob;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.RoyaltiesContract;
import io.bitdelta.node.royalty.SettlementJob;
import io.bitdelta.node.royalty.SettlementWatch;
import io.bitdelta.node.royalty.ledger.IndexedMoneyEvents;
import io.bitdelta.node.scrub.ScrubJob;
import io.bitdelta.node.soup.Consenting;
import io.bitdelta.node.soup.PublishedContent;
import io.bitdelta.node.soup.SoupJob;
import io.bitdelta.node.soup.SoupPlans;
import io.bitdelta.node.soup.SoupService;
import io.bitdelta.node.soup.SoupWeights;
import io.bitdelta.node.soup.SoupsContract;
import io.bitdelta.node.soup.WeightsUnknownException;
import io.bitdelta.node.soup.dispute.Challenger;
import io.bitdelta.node.soup.dispute.Defender;
import io.bitdelta.node.soup.dispute.DisputeContract;
import io.bitdelta.node.soup.dispute.DossierReader;
import io.bitdelta.node.soup.dispute.GatewaySoupSource;
import io.bitdelta.node.soup.dispute.Inspector;
import io.bitdelta.node.soup.dispute.SoupAuditor;
import io.bitdelta.node.soup.dispute.SoupGuard;
import io.bitdelta.node.soup.dispute.SoupSource;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.Schema;
import io.bitdelta.node.trace.Traces;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECKeyPair;

/** A node on one data folder, without its HTTP server. Closing it closes what it opened, last first. */
public final class LocalNode implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalNode.class);
    /** The program's. */
    static final String VERSION = "0.1.0";

    private static final Duration STALL = Duration.ofMinutes(2);

    /** Looks at the chain between two looks at a soup's challenge window. */
    private static final int WINDOW_POLLS = 20;

    private static final long MIB = 1 << 20;
    private static final BigInteger GWEI = BigInteger.TEN.pow(9);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final NodeConfig config;
    private final DataFolder folder;
    private final Traces traces;
    private final DevelopmentKeys developmentKeys;
    private final ContentStore content;
    private final ChainClient chain;
    private final @Nullable EndpointPool endpoints;
    private final @Nullable EmbeddedChain embedded;
    private final Database database;
    private final Faults faults;
    private final Clock clock;
    private final Deployment deployment;
    private final Indexer indexer;
    private final IndexChanges indexChanges;
    private final DeltaLookup deltas;
    private final Outbox outbox;
    private final ManifestIndex manifests;
    private final LedgerLookup ledger;
    private final DidResolver dids;
    private final DidChanges didChanges;
    private final PublishService publishing;
    private final Uploads uploads;
    private final GasBudget gasBudget;
    private final Jobs jobs;
    private final Signatures signatures;
    private final Consenting consenting;
    private final RegistryContract registry;
    private final SoupService soups;
    private final SoupLookup soupLookup;
    private final DossierReader dossiers;
    private final DisputeContract disputes;
    private final Challenger challenger;
    private final Defender defender;
    private final SoupGuard soupGuard;
    private final SoupAuditor soupAuditor;
    private final Royalties royalties;
    private final SettlementWatch settlementWatch;

    private LocalNode(Path data, NodeConfig config, List<Secp256k1Key> relayers, Faults faults, Clock clock)
            throws IOException {
        SecureRandom random = new SecureRandom();
        this.config = config;
        this.faults = faults;
        this.clock = clock;
        try {
            this.folder = remember(DataFolder.open(data));
            TracesConfig where = config.traces();
            this.traces = remember(
                    where.on() ? Traces.to(where.endpoint(), where.sample(), where.service(), VERSION) : Traces.OFF);
            this.developmentKeys = new DevelopmentKeys(folder.keys(), random);
            this.content =
                    remember(ContentStore.open(folder.store(), config.store().settings(), clock, new TierLog()));
            this.database = remember(Database.open(config.database().settings(folder.database())));
            this.embedded = config.chain().embedded()
                    ? remember(EmbeddedChain.start(
                            folder.chain(), anvil(), config.chain().port(), clock))
                    : null;
            this.endpoints = config.chain().embedded()
                    ? null
                    : remember(new EndpointPool(config.chain().rpcs(), PoolRules.standard(), System::nanoTime));
            if (endpoints != null) {
                endpoints.start();
            }
            this.chain = endpoints == null ? Objects.requireNonNull(embedded).client() : endpoints.client();
            long chainId = chain.chainId();
            List<Secp256k1Key> named = relayers.isEmpty() ? RelayerKeys.of(config.relayer()) : relayers;
            List<Secp256k1Key> keys = named.isEmpty() ? developmentRelayers(chainId) : named;
            for (Secp256k1Key key : keys) {
                TestChains.refusePublishedKey(key.address().hex(), chainId);
                if (embedded != null) {
                    embedded.fund(key.address().hex());
                }
            }
            this.outbox = outbox(keys);
            SoupTerms terms = TestChains.contains(chainId) ? SoupTerms.development() : SoupTerms.production();
            this.deployment = new Deployer(chain, outbox, folder.deployments(), terms).deploy();
            if (endpoints != null) {
                endpoints.compareLogsOf(Indexer.addresses(deployment));
            }
            this.indexer = new Indexer(
                    database,
                    chain,
                    deployment,
                    TestChains.contains(chainId) ? IndexDepth.development() : IndexDepth.standard());
            this.indexChanges = new IndexChanges(database);
            this.deltas = new DeltaLookup(database, chainId);
            this.manifests = new ManifestIndex(database, content.blocks());
            this.ledger = new LedgerLookup(database, chainId);
            this.dids = new DidResolver(database, chainId, clock);
            this.didChanges = new DidChanges(chain, outbox, chainId, deployment.address("IdentityRegistry"));
            this.registry = new RegistryContract(chain, deployment.address("BitDeltaRegistryProxy"));
            EvidenceGate evidence = EvidenceGate.open(config.evidence(), folder, chainId, measurement(), random, clock);
            opened.push(evidence);
            this.publishing = new PublishService(
                    database,
                    content,
                    registry,
                    outbox,
                    evidence,
                    new EvaluationGate(config.publish().gate(), config.publish().evaluationRequired()),
                    chain,
                    finality().pollEvery(),
                    Thread::startVirtualThread,
                    random,
                    faults,
                    clock);
            PublishConfig bounds = config.publish();
            this.uploads = new Uploads(
                    database,
                    content,
                    folder.work(),
                    bounds.gateways(),
                    bounds.fileMiB() * MIB,
                    bounds.quotaMiB() * MIB,
                    clock);
            this.gasBudget = new GasBudget(
                    database,
                    new RelayRules(
                            GWEI.multiply(BigInteger.valueOf(bounds.gweiPerHour())),
                            GWEI.multiply(BigInteger.valueOf(bounds.gweiPerDay())),
                            bounds.perDay()),
                    clock);
            RoyaltiesContract royaltiesContract = new RoyaltiesContract(chain, deployment.address("BitDeltaRoyalties"));
            this.royalties = new Royalties(
                    database,
                    chain,
                    royaltiesContract,
                    new SoupWeights(database, new SoupPlans(database), content, deltas),
                    new IndexedMoneyEvents(database),
                    outbox,
                    OwnerSigner.of(keys.getFirst()),
                    clock);
            Sponsor sponsor = new Sponsor(gasBudget, chain);
            String soupsAddress = deployment.address("DeltaSoups");
            SoupsContract soupsContract = new SoupsContract(chain, soupsAddress);
            this.soups = new SoupService(database, content, soupsContract, registry, outbox, clock);
            PublishedContent publishedContent = new PublishedContent(
                    deltas,
                    content,
                    bounds.gateways().isEmpty() ? Optional.empty() : Optional.of(new GatewayClient(bounds.gateways())),
                    folder.work(),
                    bounds.fileMiB() * MIB);
            this.jobs = remember(new Jobs(
                    database,
                    List.of(
                            new PublishJob(publishing, registry, uploads, sponsor, faults),
                            new RevokeJob(publishing, registry, sponsor),
                            new ClaimJob(royalties.claims(), royalties.tokens(), sponsor),
                            new PaymentJob(royalties.payments(), royalties.tokens()),
                            new DidChangeJob(didChanges, sponsor),
                            new EscrowJob(royalties.payments(), royaltiesContract),
                            new SettlementJob(royalties.settlements(), sponsor),
                            new SoupJob(
                                    soups,
                                    publishedContent,
                                    content,
                                    deltas,
                                    folder.work(),
                                    finality().pollEvery().multipliedBy(WINDOW_POLLS)),
                            new ScrubJob(content)),
                    JobRules.of(JobFailures::verdict),
                    faults,
                    traces,
                    clock));
            this.settlementWatch =
                    new SettlementWatch(royalties, jobs, config.royalty().settleBefore(), System::nanoTime);
            this.signatures = new Signatures(jobs, publishing, registry);
            this.consenting = new Consenting(jobs, soups.consents());
            this.soupLookup = new SoupLookup(database);
            this.dossiers = new DossierReader(soupLookup, deltas, soupsContract, content, folder.work());
            this.disputes = new DisputeContract(chain, soupsAddress);
            this.challenger = new Challenger(disputes, outbox);
            this.defender = new Defender(disputes, outbox);
            this.soupGuard =
                    new SoupGuard(soupLookup, soups, dossiers, disputes, defender, EvmAddress.of(outbox.signer()));
            this.soupAuditor = new SoupAuditor(
                    config.soup().audit(),
                    soupLookup,
                    soups,
                    bounds.gateways().isEmpty()
                            ? SoupSource.STORED
                            : new GatewaySoupSource(soupLookup, publishedContent),
                    new Inspector(dossiers, disputes, chain, outbox.signer(), folder.work()),
                    dossiers,
                    disputes,
                    challenger,
                    outbox,
                    clock);
        } catch (IOException | RuntimeException failed) {
            closeAfter(failed);
            throw failed;
        }
    }

    /** What went wrong first is what the user must hear. */
    private void closeAfter(Exception failed) {
        try {
            close();
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    /**
     * Opens a node: locks its folder, starts or connects its chain, deploys the contracts where they are missing.
     *
     * @param data the data folder; created if missing
     * @param relayer the account that sends and pays for transactions; on a test chain one is made when it is missing
     * @throws io.bitdelta.node.config.FolderUnusableException when the folder is not writable or in use
     * @throws io.bitdelta.node.chain.ChainException when the chain does not answer
     */
    public static LocalNode open(Path data, NodeConfig config, Optional<Secp256k1Key> relayer, Clock clock)
            throws IOException {
        return open(data, config, relayer.map(List::of).orElse(List.of()), Faults.NONE, clock);
    }

    /**
     * As {@link #open(Path, NodeConfig, Optional, Clock)}, with several accounts.
     *
     * @param relayers the accounts that send and pay, the first of them for everything but publications; on a test chain
     *     some are made when there are none
     * @param faults told of every step between two effects
     */
    public static LocalNode open(Path data, NodeConfig config, List<Secp256k1Key> relayers, Faults faults, Clock clock)
            throws IOException {
        return new LocalNode(data, config, relayers, faults, clock);
    }

    private <T extends AutoCloseable> T remember(T part) {
        opened.push(part);
        return part;
    }

    private List<Secp256k1Key> developmentRelayers(long chainId) throws IOException {
        if (!TestChains.contains(chainId)) {
            throw new IllegalStateException(
                    "chain %d is not a test chain: name the accounts that send with relayer.keys and relayer.passwords, or with --relayer and --relayer-password-file"
                            .formatted(chainId));
        }
        List<Secp256k1Key> keys = new ArrayList<>();
        for (int number = 1; number <= config.chain().accounts(); number++) {
            keys.add(developmentKeys.named(number == 1 ? "relayer" : "relayer-" + number));
        }
        return keys;
    }

    private Outbox outbox(List<Secp256k1Key> keys) {
        EmbeddedChain own = embedded;
        return new Outbox(
                database,
                chain,
                new Signers(keys.stream()
                        .map(key -> Credentials.create(ECKeyPair.create(key.privateBytes())))
                        .toList()),
                SendingRules.of(finality(), config.chain().maxFeeGwei()),
                own == null ? block -> {} : own::makeDurable,
                faults,
                clock);
    }

    private Finality finality() {
        return config.chain().embedded()
                ? Finality.development()
                : new Finality(
                        config.chain().confirmations(),
                        config.chain().finalizedTag(),
                        STALL,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(30));
    }

    /** Blocks after which a transaction counts as final. */
    public int confirmations() {
        return config.chain().embedded() ? 1 : config.chain().confirmations();
    }

    private static Path anvil() {
        String configured = System.getenv("BITDELTA_ANVIL");
        if (configured != null && !configured.isBlank()) {
            return Path.of(configured);
        }
        return Path.of(System.getProperty("bitdelta.home", "."), "contracts", "node_modules", ".bin", "anvil");
    }

    /** SHA-256 of the archive that this code was loaded from: what development evidence claims to measure. */
    private static Bytes32 measurement() throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            Path code = Path.of(LocalNode.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath());
            if (Files.isRegularFile(code)) {
                sha.update(Files.readAllBytes(code));
            }
            return Bytes32.of(sha.digest());
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** The data folder. */
    public DataFolder folder() {
        return folder;
    }

    /** What is traced. */
    public Traces traces() {
        return traces;
    }

    /** What was configured. */
    public NodeConfig config() {
        return config;
    }

    /** Keys for test chains. */
    public DevelopmentKeys developmentKeys() {
        return developmentKeys;
    }

    /** The content store. */
    public ContentStore content() {
        return content;
    }

    /** The clock that everything here goes by. */
    public Clock clock() {
        return clock;
    }

    /** The chain's endpoint. */
    public ChainClient chain() {
        return chain;
    }

    /** The chain's endpoints, unless the node brings its own chain. */
    public Optional<EndpointPool> endpoints() {
        return Optional.ofNullable(endpoints);
    }

    /** The embedded chain, if the node brings its own. */
    public Optional<EmbeddedChain> embeddedChain() {
        return Optional.ofNullable(embedded);
    }

    /** The node's rows. */
    public Database database() {
        return database;
    }

    /** Where the contracts are. */
    public Deployment deployment() {
        return deployment;
    }

    /** Follows the chain. */
    public Indexer indexer() {
        return indexer;
    }

    /** Reads everything up to the newest block, and who is paid by the soups that it tells of. */
    public void catchUp() throws IOException {
        try {
            indexer.catchUp();
        } finally {
            // Another node on this database may have gone on while this one's endpoint is away.
            indexChanges.look();
        }
        manifests.catchUp();
        for (WeightsUnknownException withheld : royalties.weights().gather()) {
            log.debug("nobody can be paid yet: {}", withheld.getMessage());
        }
    }

    /** The newest block that the index holds; -1 for none. */
    public long indexedBlock() {
        return Indexer.newestBlock(database);
    }

    /** Tells whom the index's newest blocks touched. */
    public IndexChanges indexChanges() {
        return indexChanges;
    }

    /** Lookups by DID, base and id. */
    public DeltaLookup deltas() {
        return deltas;
    }

    /** Which files deltas are, as far as their manifests are here. */
    public ManifestIndex manifests() {
        return manifests;
    }

    /** The delta whose manifest has a CID, if it was published. */
    public Optional<Bytes32> deltaOf(Cid manifest) {
        return database.reads()
                .select(Schema.DELTA_ID)
                .from(Schema.DELTA)
                .where(Schema.MANIFEST_DIGEST.eq(HexText.of(manifest.digest())))
                .limit(1)
                .fetchOptional(Schema.DELTA_ID)
                .map(Bytes32::of);
    }

    /** The training ledger. */
    public LedgerLookup ledger() {
        return ledger;
    }

    /** Who DIDs are, by the rules of DID resolution. */
    public DidResolver dids() {
        return dids;
    }

    /** Changes DIDs with their controllers' signatures. */
    public DidChanges didChanges() {
        return didChanges;
    }

    /** The registry on the chain. */
    public RegistryContract registry() {
        return registry;
    }

    /** Publishing. */
    public PublishService publishing() {
        return publishing;
    }

    /** What sends transactions. */
    public Outbox outbox() {
        return outbox;
    }

    /** Jobs; started by whoever serves them. */
    public Jobs jobs() {
        return jobs;
    }

    /** Delta files on their way in. */
    public Uploads uploads() {
        return uploads;
    }

    /** Takes owners' signatures for jobs. */
    public Signatures signatures() {
        return signatures;
    }

    /** Takes owners' consents for soups in the making. */
    public Consenting consenting() {
        return consenting;
    }

    /** What the node spends on others. */
    public GasBudget gasBudget() {
        return gasBudget;
    }

    /** Soups. */
    public SoupService soups() {
        return soups;
    }

    /** Soups on the chain, this node's and others'. */
    public SoupLookup soupLookup() {
        return soupLookup;
    }

    /** What soups claim and rest on. */
    public DossierReader dossiers() {
        return dossiers;
    }

    /** The challenge game's part of the contract. */
    public DisputeContract disputes() {
        return disputes;
    }

    /** Challenges wrong soups. */
    public Challenger challenger() {
        return challenger;
    }

    /** Answers challenges. */
    public Defender defender() {
        return defender;
    }

    /** Looks after the soups that this node has proposed. */
    public SoupGuard soupGuard() {
        return soupGuard;
    }

    /** Holds other people's soups to their members' vote, as far as the configuration says. */
    public SoupAuditor soupAuditor() {
        return soupAuditor;
    }

    /**
     * Somebody else on the embedded chain, with an account of their own: for stories and tests about more than one party.
     *
     * @throws IllegalStateException on a chain that is not embedded
     */
    public OtherParty otherParty(String name) throws IOException {
        EmbeddedChain own = embeddedChain()
                .orElseThrow(() -> new IllegalStateException("other parties live on the embedded chain only"));
        Secp256k1Key key = developmentKeys.named(name);
        own.fund(key.address().hex());
        Outbox theirs = outbox(List.of(key));
        SoupsContract contract = new SoupsContract(chain, deployment.address("DeltaSoups"));
        return new OtherParty(theirs, new SoupService(database, content, contract, registry, theirs, clock));
    }

    /** Royalties. */
    public Royalties royalties() {
        return royalties;
    }

    /** Settles vouchers before they expire. */
    public SettlementWatch settlementWatch() {
        return settlementWatch;
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failed) {
                IOException wrapped = failed instanceof IOException io ? io : new IOException(failed);
                if (first == null) {
                    first = wrapped;
                } else {
                    first.addSuppressed(wrapped);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
