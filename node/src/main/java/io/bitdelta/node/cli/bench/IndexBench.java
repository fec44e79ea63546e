package io.bitdelta.node.cli.bench;

import io.bitdelta.contracts.BitDeltaRegistry;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.Deployment;
import io.bitdelta.node.chain.EmbeddedChain;
import io.bitdelta.node.lookup.Indexer;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseSettings;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.web3j.tx.gas.DefaultGasProvider;

/** Fills a chain with publications and measures how fast an index from scratch is. */
final class IndexBench {
    private static final String OWNER = "0x00000000000000000000000000000000000be9c4";
    private static final String FUNDS = "0xffffffffffffffffffffffff";
    private static final int PER_TRANSACTION = 50;
    private static final long BLOCKS_PER_FETCH = 64;
    private static final Duration MINED_WITHIN = Duration.ofSeconds(20);

    private final ChainClient client;
    private final Deployment deployment;
    private final BitDeltaRegistry registry;

    /**
     * Events per second.
     *
     * @param events how many there were
     * @param indexed into the database
     * @param fetched and thrown away
     * @param perProcessorSecond indexed in a second of this process's processor time
     */
    record Speed(int events, double indexed, double fetched, double perProcessorSecond) {}

    IndexBench(EmbeddedChain chain, Deployment deployment) {
        this.client = chain.client();
        this.deployment = deployment;
        this.registry = BitDeltaRegistry.load(
                deployment.address("BitDeltaRegistryProxy"),
                client.web3(),
                client.readOnly(),
                new DefaultGasProvider());
    }

    /** Publishes, each delta over a base of its own, fifty in a block. */
    void publish(int events) {
        client.rpc("anvil_setBalance", OWNER, FUNDS);
        client.rpc("anvil_impersonateAccount", OWNER);
        Random random = new Random(events);
        List<String> sent = new ArrayList<>();
        for (int done = 0; done < events; done += PER_TRANSACTION) {
            int count = Math.min(PER_TRANSACTION, events - done);
            List<BitDeltaRegistry.Delta> deltas = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                deltas.add(new BitDeltaRegistry.Delta(
                        OWNER,
                        word(random),
                        word(random),
                        word(random),
                        new byte[32],
                        BigInteger.ZERO,
                        BigInteger.ONE));
            }
            List<byte[]> none = Collections.nCopies(count, new byte[32]);
            sent.add(client.rpc(
                    "eth_sendTransaction",
                    Map.of(
                            "from",
                            OWNER,
                            "to",
                            registry.getContractAddress(),
                            "gas",
                            "0xf42400",
                            "data",
                            registry.publishMany(deltas, none, none).encodeFunctionCall())));
        }
        for (String hash : sent) {
            if (!mined(hash)) {
                throw new ChainException("a batch of publications was not mined, or failed: " + hash);
            }
        }
    }

    /** The chain mines at once, but not before it answers. */
    private boolean mined(String hash) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < MINED_WITHIN.toNanos()) {
            var receipt = client.receipt(hash);
            if (receipt.isPresent()) {
                return receipt.get().isStatusOK();
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
        return false;
    }

    /** @param settings of an empty database */
    Speed run(DatabaseSettings settings) {
        List<String> contracts = Indexer.addresses(deployment);
        long head = client.head().number();
        long start = System.nanoTime();
        int logs = 0;
        for (long from = deployment.firstBlock(); from <= head; from += BLOCKS_PER_FETCH) {
            logs += client.logs(from, Math.min(head, from + BLOCKS_PER_FETCH - 1), contracts, List.of())
                    .size();
        }
        double fetched = logs / seconds(start);
        try (Database database = Database.open(settings)) {
            Indexer indexer = new Indexer(database, client, deployment);
            ProcessorTime processor = new ProcessorTime();
            start = System.nanoTime();
            indexer.catchUp();
            return new Speed(logs, logs / seconds(start), fetched, logs / processor.seconds());
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static byte[] word(Random random) {
        byte[] word = new byte[32];
        random.nextBytes(word);
        return word;
    }
}
