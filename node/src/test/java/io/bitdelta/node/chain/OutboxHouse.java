package io.bitdelta.node.chain;

import io.bitdelta.node.fault.Faults;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseKind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.web3j.crypto.ContractUtils;
import org.web3j.crypto.Credentials;

/** A real chain with a contract that counts its calls, a real database, and outboxes on both. */
final class OutboxHouse implements AutoCloseable {
    static final Finality QUICK = Finality.development();

    /** Replaces at every look. */
    static final Finality IMPATIENT =
            new Finality(1, Duration.ofMillis(-1), Duration.ofMillis(5), Duration.ofSeconds(20));

    final EmbeddedChain chain;
    final Database database;
    final List<Credentials> keys;
    final String counter;

    OutboxHouse(Path folder, DatabaseKind kind, int accounts) throws IOException {
        this(ChainFixture.start(folder.resolve("chain")), kind.open(folder.resolve("test.sqlite")), accounts);
    }

    OutboxHouse(EmbeddedChain chain, Database database, int accounts) {
        this.chain = chain;
        this.database = database;
        this.keys = IntStream.range(0, accounts)
                .mapToObj(n -> ChainFixture.fundedKey(chain))
                .toList();
        OutboxEntry created = outbox(QUICK, Faults.NONE)
                .execute(new TxRequest("create counter", null, ChainFixture.COUNTER_INIT, BigInteger.ZERO));
        this.counter = ContractUtils.generateContractAddress(created.signer(), BigInteger.valueOf(created.nonce()));
    }

    Outbox outbox(Finality finality, Faults faults) {
        return outbox(finality, 500, faults);
    }

    Outbox outbox(Finality finality, long maxFeeGwei, Faults faults) {
        return new Outbox(
                database,
                chain.client(),
                new Signers(keys),
                SendingRules.of(finality, maxFeeGwei),
                block -> {},
                faults,
                Clock.systemUTC());
    }

    TxRequest call(String purpose) {
        return TxRequest.call(purpose, counter, "0x").from(new TxRequest.Sender.Any());
    }

    long effects() {
        return ChainFixture.count(chain.client(), counter);
    }

    void automine(boolean on) {
        chain.client().rpc("evm_setAutomine", on);
    }

    void mine() {
        chain.client().rpc("evm_mine");
    }

    /** The next block has this base fee, and is mined. */
    void baseFee(long gwei) {
        chain.client().rpc("anvil_setNextBlockBaseFeePerGas", "0x" + Long.toHexString(gwei * 1_000_000_000L));
        mine();
    }

    String primary() {
        return keys.getFirst().getAddress().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        database.close();
        chain.close();
    }
}
