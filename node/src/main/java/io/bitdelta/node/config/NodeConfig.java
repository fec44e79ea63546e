package io.bitdelta.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.bitdelta.attestation.bytes.EvmAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What an operator can set; stored as {@code config.yaml} in the data folder. Everything has a default.
 *
 * @param chain which chain
 * @param http where the node listens
 * @param store where content is kept
 * @param database where the outbox and the index are kept
 * @param publish publishing for others
 * @param evidence what the node shows about itself
 * @param soup other people's soups
 * @param auth who may do what
 * @param relayer who sends and pays
 * @param royalty what happens to vouchers
 * @param traces where they go
 */
public record NodeConfig(
        Chain chain,
        HttpConfig http,
        StoreConfig store,
        DatabaseConfig database,
        PublishConfig publish,
        EvidenceConfig evidence,
        SoupConfig soup,
        AuthConfig auth,
        RelayerConfig relayer,
        RoyaltyConfig royalty,
        TracesConfig traces) {
    /** The file's name in a data folder. */
    public static final String FILE = "config.yaml";

    private static final int DEFAULT_CONFIRMATIONS = 12;
    private static final long DEFAULT_MAX_FEE_GWEI = 500;

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** The default file, with comments. */
    public static final String COMMENTED_DEFAULTS = """
            # BitDelta node. Every key may be left out; what stands here are the defaults. An environment variable wins over
            # the file: BITDELTA_ and the path of the key, e.g. BITDELTA_CHAIN_RPC or BITDELTA_STORE_S3_BUCKET.

            chain:
              # JSON-RPC address of a chain. Empty: an embedded development chain (anvil, chain id 31337), whose money is
              # worth nothing and whose clock can be moved. Several addresses of the same chain, separated by commas, are
              # compared with each other: one that fails, lags or tells another history is left.
              rpc: ""
              # Blocks after which a transaction counts as final. The embedded chain always uses 1.
              confirmations: 12
              # Port of the embedded chain on 127.0.0.1; 0 takes a free one.
              port: 0
              # Whether the chain's own "finalized" block decides instead of counting confirmations.
              finalizedTag: false
              # Most gwei that any transaction offers per gas. Dearer than that, it waits, and says so.
              maxFeeGwei: 500
              # On a test chain: how many accounts the node makes for itself to send from. Elsewhere: relayer.keys.
              accounts: 1

            relayer:
              # Keystore files of the accounts that send and pay, separated by commas; the first of them for everything, the
              # others for publications too. Empty: a test chain's are made. --relayer on the command line comes instead.
              keys: ""
              # Where the password of each is, in the same order: env:NAME or file:/path.
              passwords: ""

            http:
              # Address and port of the API and the gateway. An address that other machines reach needs TLS, or a proxy.
              host: 127.0.0.1
              port: 8480
              # true when a proxy that ends TLS stands before the node; X-Forwarded-For is believed then.
              behindProxy: false
              # Origins under which people reach the node, separated by commas, e.g. https://node.example.org; logins are
              # for one of them. Empty: where the node listens.
              origins: ""
              # PEM files of the certificate chain and of its key; read again when they change. Empty: plain HTTP.
              certificates: ""
              key: ""
              # Web origins whose scripts may read answers, separated by commas; * for any.
              cors: ""
              # Requests a second, of one network address and of one credential.
              perAddress: 200
              perPrincipal: 100

            auth:
              # Accounts that run the node, separated by commas: they may do everything.
              operators: ""
              # Accounts for which the node pays the gas.
              sponsored: ""
              # How long a login lasts.
              sessionMinutes: 60

            store:
              # embedded: files in the data folder. kubo: the same, and public content is sent to an IPFS daemon.
              # s3+redis: objects in a bucket of this node's own, with a cache before it. A data folder stays with its kind.
              kind: embedded
              kubo:
                # RPC address of the daemon, without /api/v0.
                api: http://127.0.0.1:5001
                # Value of the Authorization header: empty, env:NAME or file:/path.
                authorization: ""
              s3:
                # Empty: AWS, in the region.
                endpoint: ""
                region: us-east-1
                bucket: bitdelta
                # Before every object's name; empty, or ends with a slash.
                prefix: ""
                # env:NAME or file:/path; both empty: the SDK's default sources of credentials.
                accessKey: ""
                secretKey: ""
              redis:
                address: redis://127.0.0.1:6379
                password: ""
                ttlSeconds: 86400

            database:
              # Address of a PostgreSQL database, jdbc:postgresql://host:5432/name. Empty: an SQLite file in the data folder.
              # Several nodes may share one PostgreSQL.
              url: ""
              user: bitdelta
              # env:NAME or file:/path; empty when the server asks for none.
              password: ""
              # Most connections of this node.
              pool: 10

            publish:
              # Addresses of trustless gateways, with commas between; deltas are fetched by CID from these and nowhere else.
              gateways: ""
              # Most MiB of one file, and of all files of one caller.
              fileMiB: 1024
              quotaMiB: 8192
              # Gas is paid for callers with the scope "sponsor"; on a test chain for every caller who is known. Most sponsored transactions of one caller in a day.
              perDay: 50
              # Most gas money in an hour and in a day, in gwei of the chain's native coin.
              gweiPerHour: 50000000
              gweiPerDay: 500000000
              # Share of the base's score that a delta with a signed evaluation must keep in every suite, 0 to 1.
              gate: 0.95
              # Whether a delta without a signed evaluation is refused.
              evaluationRequired: false

            evidence:
              # What the node shows about itself with each publication. "software": development evidence of a key in the data
              # folder, which proves nothing and is refused on chains that are no test chains. "tsm": the kernel's report
              # interface in a TDX or SEV-SNP guest. "nitro": the security module of a Nitro enclave. "command": what a
              # program prints.
              from: software
              # Folder of "tsm" or device of "nitro", if not the kernel's usual one; program and arguments of "command", one
              # of which contains {reportData} (64 bytes in hex).
              source: ""
              # Services with what verifiers need beside the evidence (Intel's PCS version 4, AMD's KDS, NVIDIA's RIM) and
              # for single certificates (OCSP). Empty: none is asked.
              collateral: ""
              ocsp: ""
              # Policy (JSON or YAML) that the evidence must meet before a delta goes to the chain. Empty: strict.
              policy: ""
              # Folder with the trusted root certificates. Empty: the vendors' own.
              roots: ""

            soup:
              # What to do about other people's soups while they can be challenged. "off": nothing. "watch": fetch their
              # members through publish.gateways, recount, and log what is wrong. "challenge": also slash and challenge on
              # chain, with bonds of this node's account.
              audit: "off"

            royalty:
              # Minutes before their expiry at which vouchers are settled, out of the gas budget; at most half the contract's
              # escrow delay. 0: never; a voucher that nobody settles in time is money lost to its soup.
              settleMinutes: 1440

            traces:
              # Where OpenTelemetry traces are sent, OTLP over HTTP, e.g. http://127.0.0.1:4318/v1/traces. Empty: nowhere.
              endpoint: ""
              # Share of the requests that are traced when the caller has not decided (traceparent).
              sample: 1.0
              service: bitdelta-node
            """;

    /**
     * Which chain.
     *
     * @param rpc JSON-RPC addresses, separated by commas; empty for the embedded chain
     * @param confirmations at least 1
     * @param port of the embedded chain, 0 for a free one
     * @param finalizedTag whether the chain's own finalized block decides instead
     * @param maxFeeGwei most that any transaction offers per gas
     * @param accounts how many accounts are made on a test chain
     */
    public record Chain(String rpc, int confirmations, int port, boolean finalizedTag, long maxFeeGwei, int accounts) {
        private static final int MOST_ACCOUNTS = 32;

        /** Checks ranges. */
        public Chain {
            rpcs(rpc).forEach(address -> WebAddress.of("chain.rpc", address));
            if (confirmations < 1) {
                throw new IllegalArgumentException(
                        "chain.confirmations: %d, must be at least 1".formatted(confirmations));
            }
            requirePort("chain.port", port);
            if (maxFeeGwei < 1) {
                throw new IllegalArgumentException("chain.maxFeeGwei: %d, must be at least 1".formatted(maxFeeGwei));
            }
            if (accounts < 1 || accounts > MOST_ACCOUNTS) {
                throw new IllegalArgumentException(
                        "chain.accounts: %d, must be 1 to %d".formatted(accounts, MOST_ACCOUNTS));
            }
        }

        @JsonCreator
        static Chain of(
                @JsonProperty("rpc") @Nullable String rpc,
                @JsonProperty("confirmations") @Nullable Integer confirmations,
                @JsonProperty("port") @Nullable Integer port,
                @JsonProperty("finalizedTag") @Nullable Boolean finalizedTag,
                @JsonProperty("maxFeeGwei") @Nullable Long maxFeeGwei,
                @JsonProperty("accounts") @Nullable Integer accounts) {
            return new Chain(
                    rpc == null ? "" : rpc.strip(),
                    confirmations == null ? DEFAULT_CONFIRMATIONS : confirmations,
                    port == null ? 0 : port,
                    finalizedTag != null && finalizedTag,
                    maxFeeGwei == null ? DEFAULT_MAX_FEE_GWEI : maxFeeGwei,
                    accounts == null ? 1 : accounts);
        }

        /** The addresses, in order of preference; empty for the embedded chain. */
        public List<String> rpcs() {
            return rpcs(rpc);
        }

        private static List<String> rpcs(String listed) {
            return Arrays.stream(listed.split(",", -1))
                    .map(String::strip)
                    .filter(address -> !address.isEmpty())
                    .distinct()
                    .toList();
        }

        /** Whether the node brings its own chain. */
        public boolean embedded() {
            return rpcs().isEmpty();
        }
    }

    @JsonCreator
    static NodeConfig of(
            @JsonProperty("chain") @Nullable Chain chain,
            @JsonProperty("http") @Nullable HttpConfig http,
            @JsonProperty("store") @Nullable StoreConfig store,
            @JsonProperty("database") @Nullable DatabaseConfig database,
            @JsonProperty("publish") @Nullable PublishConfig publish,
            @JsonProperty("evidence") @Nullable EvidenceConfig evidence,
            @JsonProperty("soup") @Nullable SoupConfig soup,
            @JsonProperty("auth") @Nullable AuthConfig auth,
            @JsonProperty("relayer") @Nullable RelayerConfig relayer,
            @JsonProperty("royalty") @Nullable RoyaltyConfig royalty,
            @JsonProperty("traces") @Nullable TracesConfig traces) {
        return new NodeConfig(
                chain == null ? Chain.of(null, null, null, null, null, null) : chain,
                http == null ? HttpConfig.defaults() : http,
                store == null ? StoreConfig.defaults() : store,
                database == null ? DatabaseConfig.defaults() : database,
                publish == null ? PublishConfig.defaults() : publish,
                evidence == null ? EvidenceConfig.defaults() : evidence,
                soup == null ? SoupConfig.of(null) : soup,
                auth == null ? AuthConfig.defaults() : auth,
                relayer == null ? RelayerConfig.none() : relayer,
                royalty == null ? RoyaltyConfig.defaults() : royalty,
                traces == null ? TracesConfig.off() : traces);
    }

    /** Everything embedded, whatever the environment says. */
    public static NodeConfig defaults() {
        return read(COMMENTED_DEFAULTS, "the defaults", Map.of());
    }

    /**
     * The configuration of a data folder, or the given file, with what the environment overrides; the defaults where there
     * is no file.
     *
     * @throws ConfigException when the file cannot be read or holds an unknown key or a bad value
     */
    public static NodeConfig load(Path dataFolder, Optional<Path> file) {
        return load(dataFolder, file, System.getenv());
    }

    /** As {@link #load(Path, Optional)}, with the environment as an argument. */
    static NodeConfig load(Path dataFolder, Optional<Path> file, Map<String, String> environment) {
        Path chosen = file.orElse(dataFolder.resolve(FILE));
        if (file.isEmpty() && !Files.exists(chosen)) {
            return read(COMMENTED_DEFAULTS, "the defaults with the environment", environment);
        }
        try {
            return read(Files.readString(chosen), chosen.toString(), environment);
        } catch (IOException unreadable) {
            throw new ConfigException(
                    "the configuration %s cannot be read: %s".formatted(chosen, unreadable.getMessage()));
        }
    }

    /** The same with another kind of store. */
    public NodeConfig withStore(StoreConfig.Kind kind) {
        return new NodeConfig(
                chain, http, store.withKind(kind), database, publish, evidence, soup, auth, relayer, royalty, traces);
    }

    /** The same with further operators. */
    public NodeConfig withOperator(EvmAddress operator) {
        return new NodeConfig(
                chain,
                http,
                store,
                database,
                publish,
                evidence,
                soup,
                auth.withOperator(operator),
                relayer,
                royalty,
                traces);
    }

    /** The same with another way to treat other people's soups. */
    public NodeConfig withAudit(SoupConfig.Audit audit) {
        return new NodeConfig(
                chain, http, store, database, publish, evidence, new SoupConfig(audit), auth, relayer, royalty, traces);
    }

    /** The same with another database. */
    public NodeConfig withDatabase(DatabaseConfig other) {
        return new NodeConfig(chain, http, store, other, publish, evidence, soup, auth, relayer, royalty, traces);
    }

    private static NodeConfig read(String yaml, String where, Map<String, String> environment) {
        try {
            JsonNode file = YAML.readTree(yaml);
            ObjectNode root = file instanceof ObjectNode object ? object : YAML.createObjectNode();
            override(root, (ObjectNode) YAML.readTree(COMMENTED_DEFAULTS), "BITDELTA", environment);
            return YAML.treeToValue(root, NodeConfig.class);
        } catch (JacksonException malformed) {
            throw new ConfigException("%s: %s".formatted(where, said(malformed)));
        }
    }

    /** What is wrong, with the path of the key, in our own words where they are ours. */
    private static String said(JacksonException malformed) {
        if (malformed.getCause() instanceof IllegalArgumentException ours && ours.getMessage() != null) {
            return ours.getMessage();
        }
        String path = malformed.getPath().stream()
                .map(JacksonException.Reference::getPropertyName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
        String said = String.valueOf(malformed.getOriginalMessage())
                .lines()
                .findFirst()
                .orElse("");
        if (malformed instanceof UnrecognizedPropertyException unknown) {
            said = "there is no such key; there are "
                    + unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", "));
        } else if (malformed instanceof InvalidFormatException unfit) {
            said = "\"%s\" is no %s"
                    .formatted(
                            unfit.getValue(),
                            unfit.getTargetType().getSimpleName().toLowerCase(Locale.ROOT));
        } else if (malformed instanceof MismatchedInputException) {
            said = "this is not what belongs here; \"bitdelta node init\" writes an example";
        }
        return path.isEmpty() ? said : path + ": " + said;
    }

    /** Sets every key of {@code known} that the environment has a variable for. */
    private static void override(ObjectNode target, ObjectNode known, String path, Map<String, String> environment) {
        for (Map.Entry<String, JsonNode> entry : known.properties()) {
            String variable = path + "_" + entry.getKey().toUpperCase(Locale.ROOT);
            if (entry.getValue() instanceof ObjectNode section) {
                boolean there = target.get(entry.getKey()) instanceof ObjectNode;
                ObjectNode inner = there ? (ObjectNode) target.get(entry.getKey()) : YAML.createObjectNode();
                override(inner, section, variable, environment);
                if (!there && !inner.isEmpty()) {
                    target.set(entry.getKey(), inner);
                }
            } else if (environment.containsKey(variable)) {
                target.put(entry.getKey(), environment.get(variable));
            }
        }
    }

    private static void requirePort(String key, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("%s: %d is not a port".formatted(key, port));
        }
    }
}
