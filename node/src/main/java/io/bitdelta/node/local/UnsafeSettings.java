package io.bitdelta.node.local;

import io.bitdelta.node.config.EvidenceConfig;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.StoreConfig;
import io.bitdelta.node.config.TestChains;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an operator should know before trusting a node with anything: a sentence for each unsafe or development setting. */
final class UnsafeSettings {
    private static final int FEW_CONFIRMATIONS = 6;
    private static final Duration LONG_SESSION = Duration.ofHours(8);

    private UnsafeSettings() {}

    /** The sentences, each beginning with the configuration's key. */
    static List<String> of(NodeConfig config, long chainId) {
        List<String> warnings = new ArrayList<>();
        chain(config, chainId, warnings);
        http(config, warnings);
        store(config, warnings);
        if (config.database().embedded()) {
            warnings.add(
                    "database.url: a file in the data folder, so this node runs alone; several nodes need PostgreSQL");
        } else {
            database(config, warnings);
        }
        if (config.auth().operators().isEmpty()) {
            warnings.add("auth.operators: nobody; operators' operations need an API key with the scope operator");
        }
        if (config.auth().session().compareTo(LONG_SESSION) > 0) {
            warnings.add("auth.sessionMinutes: %d; a stolen token is good for that long"
                    .formatted(config.auth().session().toMinutes()));
        }
        if (config.royalty().settleBefore().isZero()) {
            warnings.add("royalty.settleMinutes: 0; a voucher that nobody settles in time is money lost to its soup");
        }
        if (config.evidence().from() == EvidenceConfig.From.SOFTWARE) {
            warnings.add(
                    "evidence.from: software; development evidence proves nothing, and counts on test chains only");
        }
        if (config.traces().on() && inClear(config.traces().endpoint())) {
            warnings.add("traces.endpoint: traces pass in clear over the network");
        }
        return List.copyOf(warnings);
    }

    private static void chain(NodeConfig config, long chainId, List<String> warnings) {
        boolean test = TestChains.contains(chainId);
        if (config.chain().embedded()) {
            warnings.add("chain.rpc: an embedded development chain, whose money is worth nothing and whose clock can be"
                    + " moved");
        } else if (test) {
            warnings.add("chain.rpc: chain %d is a test chain: development evidence is accepted".formatted(chainId));
        }
        if (test) {
            warnings.add("publish.perDay: on a test chain the node pays the gas of every caller who is known");
            if (config.relayer().accounts().isEmpty()) {
                warnings.add("relayer.keys: the node made its own, and their password lies beside them");
            }
            return;
        }
        if (config.chain().rpcs().size() == 1) {
            warnings.add("chain.rpc: one endpoint; nobody notices when it lies, three can settle a disagreement");
        }
        if (config.chain().rpcs().stream().anyMatch(UnsafeSettings::inClear)) {
            warnings.add("chain.rpc: an endpoint is asked in clear over the network, where answers can be changed");
        }
        if (!config.chain().finalizedTag() && config.chain().confirmations() < FEW_CONFIRMATIONS) {
            warnings.add("chain.confirmations: %d; a short reorg takes back what counted as final"
                    .formatted(config.chain().confirmations()));
        }
    }

    private static void http(NodeConfig config, List<String> warnings) {
        if (config.http().cors().contains("*")) {
            warnings.add("http.cors: any web page's scripts may read answers");
        }
        if (config.http().behindProxy()) {
            warnings.add("http.behindProxy: X-Forwarded-For is believed; nobody may reach the port but the proxy");
        } else if (config.http().certificates().isEmpty()) {
            warnings.add("http.certificates: no TLS; tokens pass in clear on this machine");
        }
    }

    private static void store(NodeConfig config, List<String> warnings) {
        StoreConfig store = config.store();
        if (store.kind() == StoreConfig.Kind.KUBO
                && !store.kubo().authorization().isEmpty()
                && inClear(store.kubo().api())) {
            warnings.add("store.kubo.api: the authorization passes in clear over the network");
        }
        if (store.kind() == StoreConfig.Kind.S3_REDIS) {
            if (inClear(store.s3().endpoint())) {
                warnings.add("store.s3.endpoint: objects pass in clear over the network");
            }
            if (inClear(store.redis().address())) {
                warnings.add(
                        "store.redis.address: blocks and the password pass in clear over the network; use rediss:");
            }
        }
    }

    private static void database(NodeConfig config, List<String> warnings) {
        String url = config.database().url();
        boolean encrypted = url.contains("sslmode=require") || url.contains("sslmode=verify");
        if (!encrypted && !here(URI.create(url.substring("jdbc:".length())).getHost())) {
            warnings.add("database.url: without sslmode=verify-full, rows and the password may pass in clear");
        }
        if (config.database().password().isEmpty()) {
            warnings.add("database.password: none; whoever reaches the server owns the node's rows");
        }
    }

    /** Whether requests to an address leave this machine unencrypted. */
    private static boolean inClear(String address) {
        if (address.isEmpty()) {
            return false;
        }
        URI uri = URI.create(address);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        return (scheme.equals("http") || scheme.equals("redis")) && !here(uri.getHost());
    }

    private static boolean here(@org.jspecify.annotations.Nullable String host) {
        return host == null
                || host.equals("localhost")
                || host.startsWith("127.")
                || host.equals("::1")
                || host.equals("[::1]");
    }
}
