package io.bitdelta.node.cli.bench;

import io.bitdelta.contracts.BitDeltaRegistry;
import io.bitdelta.contracts.BitDeltaRoyalties;
import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.contracts.artifact.ContractArtifact;
import io.bitdelta.engine.commit.Keccak256;
import io.bitdelta.node.chain.Broadcast;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.EmbeddedChain;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Uint128;
import org.web3j.abi.datatypes.generated.Uint16;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.abi.datatypes.generated.Uint40;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.tx.gas.DefaultGasProvider;
import org.web3j.utils.Numeric;

/**
 * The contracts on a throwaway chain, and one account that pays, publishes, proposes and claims. Each transaction is mined
 * alone, so its gas is what it costs with nothing warmed up for it.
 */
final class ChainHouse {
    static final Address NATIVE = new Address(BigInteger.ZERO);
    static final int WINDOW = 600;
    static final int RESPONSE = 300;
    static final BigInteger BOND = BigInteger.TEN.pow(18);

    private static final BigInteger GAS_LIMIT = BigInteger.valueOf(16_000_000);
    private static final BigInteger GAS_PRICE = BigInteger.valueOf(100_000_000_000L);
    private static final long MINED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final EmbeddedChain chain;
    private final ChainClient client;
    private final Credentials account;
    private final BitDeltaRegistry registry;
    private final DeltaSoups soups;
    private final BitDeltaRoyalties royalties;
    private final Address token;
    private long nonce;

    ChainHouse(EmbeddedChain chain) {
        this.chain = chain;
        this.client = chain.client();
        this.account = key("bitdelta bench account");
        chain.fund(account.getAddress());
        Address me = new Address(account.getAddress());
        Address identities = create("IdentityRegistry", List.of());
        Address implementation = create("BitDeltaRegistry", List.of(identities));
        Function initialize = new Function("initialize", List.of(me, me), List.<TypeReference<?>>of());
        DynamicBytes call = new DynamicBytes(Numeric.hexStringToByteArray(FunctionEncoder.encode(initialize)));
        Address proxy = create("BitDeltaRegistryProxy", List.of(implementation, call));
        Address soupsAt = create(
                "DeltaSoups",
                List.of(
                        proxy,
                        identities,
                        NATIVE,
                        new Uint40(WINDOW),
                        new Uint40(RESPONSE),
                        new Uint40(0),
                        new Uint128(BOND),
                        new Uint128(1_000_000_000L),
                        NATIVE,
                        new Uint16(0),
                        new Uint40(3600)));
        token = create("DevelopmentToken", List.of(new Uint256(BigInteger.TEN.pow(30))));
        registry = BitDeltaRegistry.load(proxy.getValue(), client.web3(), client.readOnly(), new DefaultGasProvider());
        soups = DeltaSoups.load(soupsAt.getValue(), client.web3(), client.readOnly(), new DefaultGasProvider());
        royalties = BitDeltaRoyalties.load(
                client.read("royalties contract", soups.ROYALTIES()),
                client.web3(),
                client.readOnly(),
                new DefaultGasProvider());
        Function approve = new Function(
                "approve",
                List.of(
                        new Address(royalties.getContractAddress()),
                        new Uint256(BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE))),
                List.<TypeReference<?>>of());
        send(token.getValue(), FunctionEncoder.encode(approve), BigInteger.ZERO);
    }

    /** A key that anybody can compute: for throwaway chains. */
    static Credentials key(String name) {
        byte[] secret = Keccak256.hash(name.getBytes(StandardCharsets.UTF_8)).bytes();
        return Credentials.create(ECKeyPair.create(secret));
    }

    Credentials account() {
        return account;
    }

    BitDeltaRegistry registry() {
        return registry;
    }

    DeltaSoups soups() {
        return soups;
    }

    BitDeltaRoyalties royalties() {
        return royalties;
    }

    Address token() {
        return token;
    }

    ChainClient client() {
        return client;
    }

    /** The chain's clock, in seconds. */
    long now() {
        return client.head().timestamp();
    }

    void advance(long seconds) {
        chain.advanceClock(seconds);
    }

    /** Gas of a call to a contract of the house. */
    long gas(String to, String data, BigInteger value) {
        return send(to, data, value).getGasUsed().longValueExact();
    }

    /** Sends, waits, and refuses a transaction that reverted, with the contract's reason. */
    TransactionReceipt send(@Nullable String to, String data, BigInteger value) {
        String what = "bench transaction " + nonce;
        client.preflight(account.getAddress(), to, data, value, what);
        RawTransaction raw =
                RawTransaction.createTransaction(BigInteger.valueOf(nonce), GAS_PRICE, GAS_LIMIT, to, value, data);
        byte[] signed = TransactionEncoder.signMessage(raw, EmbeddedChain.CHAIN_ID, account);
        if (!(client.broadcast(Numeric.toHexString(signed)) instanceof Broadcast.Accepted)) {
            throw new ChainException(what + " was not taken by the chain");
        }
        nonce++;
        TransactionReceipt receipt = mined(Keccak256.hash(signed).hex());
        if (!receipt.isStatusOK()) {
            throw new ChainException(what + " reverted after a call with the same data succeeded");
        }
        return receipt;
    }

    private TransactionReceipt mined(String hash) {
        long deadline = System.nanoTime() + MINED_WITHIN_NANOS;
        while (System.nanoTime() < deadline) {
            Optional<TransactionReceipt> receipt = client.receipt(hash);
            if (receipt.isPresent()) {
                return receipt.get();
            }
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(5));
        }
        throw new ChainException("transaction " + hash + " was not mined within 20 s");
    }

    @SuppressWarnings("rawtypes") // web3j's encoder speaks raw types
    private Address create(String name, List<Type> arguments) {
        String data = ContractArtifact.load(name).bytecode() + FunctionEncoder.encodeConstructor(arguments);
        return new Address(Objects.requireNonNull(
                send(null, data, BigInteger.ZERO).getContractAddress(), "a creation has an address"));
    }
}
