package io.bitdelta.node.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.contracts.IdentityRegistry;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.tx.gas.DefaultGasProvider;

/** Publications of identities that made the node their delegate go together, and none suffers for another. */
final class BatchTest {
    private static final BigInteger YEAR = BigInteger.valueOf(365L * 24 * 3600);

    @TempDir
    static Path folder;

    private static LocalNode node;
    private static Path delta;

    @BeforeAll
    static void open() throws IOException {
        node = NodeFixture.open(folder.resolve("node"));
        delta = NodeFixture.delta("user-a", folder);
    }

    @AfterAll
    static void close() throws IOException {
        node.close();
    }

    /** Somebody who has made the node's account their delegate for publishing. */
    private static Secp256k1Key delegating(String name) throws IOException {
        Outbox own = node.otherParty(name).outbox();
        String identities = node.deployment().address("IdentityRegistry");
        String calldata = IdentityRegistry.load(
                        identities, node.chain().web3(), node.chain().readOnly(), new DefaultGasProvider())
                .addDelegate(
                        own.signer(),
                        RegistryContract.PUBLISH_DELEGATE.bytes(),
                        node.outbox().signer(),
                        YEAR)
                .encodeFunctionCall();
        own.execute(TxRequest.call("delegate " + name, identities, calldata));
        return node.developmentKeys().named(name);
    }

    private static PublishRequest request(String intent) {
        return new PublishRequest(intent, delta, "tiny-qwen3", "full");
    }

    private static Attested attested(String intent, Secp256k1Key owner) throws IOException {
        Prepared prepared = node.publishing().prepare(request(intent), owner.address());
        return node.publishing()
                .attest(
                        prepared,
                        owner.sign(prepared.message().digest(node.registry().domain())));
    }

    private static List<Published> together(List<Attested> all) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Published>> work = all.stream()
                    .<Callable<Published>>map(one -> () -> node.publishing().register(one, sent -> {}))
                    .toList();
            List<Published> results = new ArrayList<>();
            for (Future<Published> done : threads.invokeAll(work)) {
                results.add(done.get());
            }
            return results;
        }
    }

    @Test
    void whatGathersGoesInFewTransactionsAndEachFindsItsOwn() throws Exception {
        List<Attested> all = new ArrayList<>();
        for (int n = 0; n < 12; n++) {
            all.add(attested("gathered " + n, delegating("gatherer " + n)));
        }
        node.embeddedChain().orElseThrow().client().rpc("evm_setAutomine", false);
        node.embeddedChain().orElseThrow().client().rpc("evm_setIntervalMining", 1);
        List<Published> published = together(all);
        node.embeddedChain().orElseThrow().client().rpc("evm_setIntervalMining", 0);
        node.embeddedChain().orElseThrow().client().rpc("evm_setAutomine", true);
        Set<String> transactions = new HashSet<>();
        for (Published one : published) {
            transactions.add(one.transaction().hash());
            assertThat(node.registry().record(Bytes32.of(one.deltaId()))).isPresent();
            assertThat(one.costWei().multiply(BigInteger.valueOf(one.together())))
                    .isGreaterThanOrEqualTo(one.transaction().costWei());
        }
        assertThat(transactions).hasSizeLessThan(8);
        assertThat(published).anyMatch(one -> one.together() > 1);
    }

    @Test
    void oneBadItemNeverSinksTheOthers() throws Exception {
        List<Attested> all = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            all.add(attested("good " + n, delegating("good " + n)));
        }
        Secp256k1Key hasty = delegating("hasty");
        Attested stale = attested("stale", hasty);
        Attested newer = attested("newer", hasty);
        node.publishing().register(newer, sent -> {});
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Published> bad = threads.submit(() -> node.publishing().register(stale, sent -> {}));
            assertThat(together(all)).hasSize(4);
            assertThatThrownBy(bad::get)
                    .hasCauseInstanceOf(RevertedException.class)
                    .hasMessageContaining(stale.prepared().deltaId().hex());
        }
    }
}
