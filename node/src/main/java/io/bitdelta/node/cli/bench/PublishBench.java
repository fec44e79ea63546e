package io.bitdelta.node.cli.bench;

import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.contracts.BitDeltaRegistry;
import io.bitdelta.contracts.IdentityRegistry;
import io.bitdelta.engine.Progress;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.commit.Keccak256;
import io.bitdelta.node.chain.Broadcast;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.EmbeddedChain;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.publish.Attested;
import io.bitdelta.node.publish.Prepared;
import io.bitdelta.node.publish.PublishRequest;
import io.bitdelta.node.publish.Published;
import io.bitdelta.node.publish.RegistryContract;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.tx.gas.DefaultGasProvider;
import org.web3j.utils.Numeric;

/**
 * Publications of many owners at once, from signed to final, against the same number of deltas in raw {@code publishMany}
 * transactions, of as many each as the node's transactions held on average, sent one after the other by the same client to
 * the same chain. The raw ones are encoded, signed and waited for, too, and each delta has an owner of its own as well, who
 * has made the sender a delegate.
 */
final class PublishBench {
    private static final BigInteger YEAR = BigInteger.valueOf(365L * 24 * 3600);
    private static final BigInteger GAS_LIMIT = BigInteger.valueOf(16_000_000);
    private static final BigInteger GAS_PRICE = BigInteger.valueOf(100_000_000_000L);
    private static final int PER_BLOCK = 100;
    private static final int WARM_UP_BATCH = 80;
    private static final String FUNDS = "0xffffffffffffffffffffffff";

    private final LocalNode node;
    private final ChainClient chain;
    private final Path delta;
    private final SecureRandom random = new SecureRandom();
    private int owners;

    PublishBench(LocalNode node, Path folder) throws IOException {
        this.node = node;
        this.chain = node.chain();
        this.delta = folder.resolve("bench.bitdelta.safetensors");
        Path models = Path.of(System.getProperty("bitdelta.home", "."), "models", "tiny-qwen3");
        DeltaCompressor.compress(
                models.resolve("base"), models.resolve("user-a"), delta, CompressOptions.defaults(), Progress.NONE);
    }

    /** @param count publications, each of an owner of its own */
    ApiRow run(int count) throws IOException, InterruptedException {
        published(signed(count));
        raw(count, WARM_UP_BATCH);
        List<Attested> signed = signed(count);
        ProcessorTime processor = new ProcessorTime();
        long start = System.nanoTime();
        List<Published> published = published(signed);
        double value = count / seconds(start);
        double spent = processor.seconds();
        long transactions = published.stream()
                .map(one -> one.transaction().hash())
                .distinct()
                .count();
        Speed baseline = raw(count, (int) Math.ceilDiv(count, transactions));
        return new ApiRow(
                "publish-batched",
                value,
                "deltas/s in %d transactions".formatted(transactions),
                baseline.perSecond(),
                value / baseline.perSecond(),
                count / spent / baseline.perProcessorSecond(),
                0,
                0,
                0,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private List<Attested> signed(int count) throws IOException {
        List<Attested> signed = new ArrayList<>();
        for (Secp256k1Key owner : delegating(count, node.outbox().signer())) {
            Prepared prepared = node.publishing()
                    .prepare(new PublishRequest("bench " + owners++, delta, "tiny-qwen3", "full"), owner.address());
            signed.add(node.publishing()
                    .attest(
                            prepared,
                            owner.sign(prepared.message().digest(node.registry().domain()))));
        }
        return signed;
    }

    /** People who have made an account their delegate for publishing. */
    private List<Secp256k1Key> delegating(int count, String account) {
        String identities = node.deployment().address("IdentityRegistry");
        IdentityRegistry contract =
                IdentityRegistry.load(identities, chain.web3(), chain.readOnly(), new DefaultGasProvider());
        List<Secp256k1Key> people = new ArrayList<>();
        List<String> transactions = new ArrayList<>();
        chain.rpc("anvil_autoImpersonateAccount", true);
        chain.rpc("evm_setAutomine", false);
        for (int n = 0; n < count; n++) {
            Secp256k1Key key = Secp256k1Key.generate(random);
            people.add(key);
            chain.rpc("anvil_setBalance", key.address().hex(), FUNDS);
            String calldata = contract.addDelegate(
                            key.address().hex(), RegistryContract.PUBLISH_DELEGATE.bytes(), account, YEAR)
                    .encodeFunctionCall();
            transactions.add(chain.rpc(
                    "eth_sendTransaction",
                    Map.of("from", key.address().hex(), "to", identities, "gas", "0x30d40", "data", calldata)));
            if (people.size() % PER_BLOCK == 0 || people.size() == count) {
                chain.rpc("evm_mine");
            }
        }
        chain.rpc("evm_setAutomine", true);
        chain.rpc("anvil_autoImpersonateAccount", false);
        transactions.forEach(this::mined);
        return people;
    }

    private List<Published> published(List<Attested> signed) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Published>> work = signed.stream()
                    .<Callable<Published>>map(one -> () -> node.publishing().register(one, sent -> {}))
                    .toList();
            List<Published> results = new ArrayList<>();
            for (Future<Published> done : threads.invokeAll(work)) {
                results.add(done.get());
            }
            return results;
        } catch (ExecutionException failed) {
            throw new ChainException("a publication failed: " + failed.getCause(), failed);
        }
    }

    /** Deltas a second, and for a second of this process's processor time. */
    private record Speed(double perSecond, double perProcessorSecond) {}

    private Speed raw(int count, int each) {
        BitDeltaRegistry registry = BitDeltaRegistry.load(
                node.registry().address(), chain.web3(), chain.readOnly(), new DefaultGasProvider());
        Credentials account = ChainHouse.key("raw " + owners++);
        chain.rpc("anvil_setBalance", account.getAddress(), FUNDS);
        List<Secp256k1Key> people = delegating(count, account.getAddress());
        ProcessorTime processor = new ProcessorTime();
        long start = System.nanoTime();
        long nonce = 0;
        for (int done = 0; done < count; done += each) {
            int now = Math.min(each, count - done);
            List<BitDeltaRegistry.Delta> deltas = new ArrayList<>(now);
            for (int i = 0; i < now; i++) {
                deltas.add(new BitDeltaRegistry.Delta(
                        people.get(done + i).address().hex(),
                        word(),
                        word(),
                        word(),
                        new byte[32],
                        BigInteger.ZERO,
                        BigInteger.ONE));
            }
            List<byte[]> heads = Collections.nCopies(now, new byte[32]);
            List<byte[]> evidence = deltas.stream().map(one -> word()).toList();
            RawTransaction raw = RawTransaction.createTransaction(
                    BigInteger.valueOf(nonce++),
                    GAS_PRICE,
                    GAS_LIMIT,
                    registry.getContractAddress(),
                    BigInteger.ZERO,
                    registry.publishMany(deltas, heads, evidence).encodeFunctionCall());
            byte[] signed = TransactionEncoder.signMessage(raw, EmbeddedChain.CHAIN_ID, account);
            if (!(chain.broadcast(Numeric.toHexString(signed)) instanceof Broadcast.Accepted)) {
                throw new ChainException("a raw transaction was not taken by the chain");
            }
            mined(Keccak256.hash(signed).hex());
        }
        return new Speed(count / seconds(start), count / processor.seconds());
    }

    private void mined(String hash) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline) {
            var receipt = chain.receipt(hash);
            if (receipt.isPresent()) {
                if (!receipt.get().isStatusOK()) {
                    throw new ChainException("transaction " + hash + " reverted");
                }
                return;
            }
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(2));
        }
        throw new ChainException("transaction " + hash + " was not mined within 20 s");
    }

    private byte[] word() {
        byte[] word = new byte[32];
        random.nextBytes(word);
        return word;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
