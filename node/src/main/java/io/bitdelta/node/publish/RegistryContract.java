package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.manifest.EvidenceBundle;
import io.bitdelta.attestation.typed.DeltaStruct;
import io.bitdelta.attestation.typed.Eip712Domain;
import io.bitdelta.contracts.BitDeltaRegistry;
import io.bitdelta.contracts.IdentityRegistry;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.web3j.tuples.generated.Tuple2;
import org.web3j.tx.gas.DefaultGasProvider;
import org.web3j.utils.Numeric;

/** The registry of deltas and the registry of identities behind it: views, and calldata for the outbox. */
public final class RegistryContract {
    private static final String NO_VERIFIER = "0x0000000000000000000000000000000000000000";

    /** Type of delegates who publish and revoke for an identity, and nothing else. */
    public static final Bytes32 PUBLISH_DELEGATE =
            Bytes32.of(Arrays.copyOf("bitdelta.publish".getBytes(StandardCharsets.US_ASCII), Bytes32.LENGTH));

    private final ChainClient chain;
    private final long chainId;
    private final BitDeltaRegistry registry;
    private volatile @Nullable IdentityRegistry identities;

    /** @param address the registry's (its proxy's) address */
    public RegistryContract(ChainClient chain, String address) {
        this.chain = chain;
        this.chainId = chain.chainId();
        this.registry = BitDeltaRegistry.load(address, chain.web3(), chain.readOnly(), new DefaultGasProvider());
    }

    /**
     * What the registry stores of a delta.
     *
     * @param publishedAt block time in seconds
     * @param revokedAt block time in seconds, 0 while it stands
     */
    public record Stored(EvmAddress identity, long publishedAt, long revokedAt, int flags) {}

    /**
     * What the deltas of an identity may spend together.
     *
     * @param spentMilli epsilons x 1000 of its published deltas, the revoked included
     * @param capMilli likewise the most; 2^64 - 1 while no cap was set
     */
    public record Budget(BigInteger spentMilli, BigInteger capMilli) {
        private static final BigInteger NONE = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

        /** Whether there is room for another delta. */
        public boolean covers(int epsilonMilli) {
            return spentMilli.add(BigInteger.valueOf(epsilonMilli)).compareTo(capMilli) <= 0;
        }

        /** Thousandths as a decimal. */
        public static String epsilon(BigInteger milli) {
            return milli.equals(NONE)
                    ? "no limit"
                    : new BigDecimal(milli, 3).stripTrailingZeros().toPlainString();
        }
    }

    /** The registry's address, lowercase. */
    public String address() {
        return registry.getContractAddress();
    }

    /** The chain it is on. */
    public long chainId() {
        return chainId;
    }

    /** Time of the newest block, in seconds: the clock that deadlines are measured by. */
    public long chainTime() {
        return chain.head().timestamp();
    }

    /** The domain that owners sign in. */
    public Eip712Domain domain() {
        return new Eip712Domain("BitDeltaRegistry", chainId, EvmAddress.of(address()));
    }

    /** The newest delta of an identity and base; zero when there is none. */
    public Bytes32 head(EvmAddress identity, Bytes32 baseHash) {
        return Bytes32.of(chain.read("head of " + identity, registry.head(identity.hex(), baseHash.bytes())));
    }

    /** The privacy budget of an identity. */
    public Budget budget(EvmAddress identity) {
        Tuple2<BigInteger, BigInteger> found =
                chain.read("privacy budget of " + identity, registry.budget(identity.hex()));
        return new Budget(found.component1(), found.component2());
    }

    /** A delta's record. */
    public Optional<Stored> record(Bytes32 deltaId) {
        BitDeltaRegistry.Record found = chain.read("record of " + deltaId, registry.record(deltaId.bytes()));
        EvmAddress identity = EvmAddress.of(found.identity);
        if (new BigInteger(1, identity.bytes()).signum() == 0) {
            return Optional.empty();
        }
        return Optional.of(new Stored(
                identity,
                found.publishedAt.longValueExact(),
                found.revokedAt.longValueExact(),
                found.flags.intValueExact()));
    }

    /** Asked for once: the registry was built with it. */
    private IdentityRegistry identities() {
        IdentityRegistry known = identities;
        if (known == null) {
            String address = chain.read("identity registry", registry.identities());
            known = IdentityRegistry.load(address, chain.web3(), chain.readOnly(), new DefaultGasProvider());
            identities = known;
        }
        return known;
    }

    /** Whether an account is the identity's controller or its delegate for publishing. */
    public boolean mayPublish(EvmAddress identity, String account) {
        return chain.read(
                        "authority over " + identity,
                        identities().authority(identity.hex(), PUBLISH_DELEGATE.bytes(), account))
                .component2();
    }

    /**
     * Whether an account may publish for identities, all asked for at once.
     *
     * @return in the order of {@code of}
     * @throws ChainException when the endpoint does not answer, or answers what no identity registry does
     */
    public List<Boolean> mayPublish(List<EvmAddress> of, String account) {
        IdentityRegistry contract = identities();
        List<String> questions = of.stream()
                .map(identity -> contract.authority(identity.hex(), PUBLISH_DELEGATE.bytes(), account)
                        .encodeFunctionCall())
                .toList();
        return chain.views(contract.getContractAddress(), questions).stream()
                .map(RegistryContract::secondIsTrue)
                .toList();
    }

    /** Of the result {@code (address controller, bool may)}. */
    private static boolean secondIsTrue(String result) {
        byte[] words = Numeric.hexStringToByteArray(result);
        if (words.length != 2 * Bytes32.LENGTH) {
            throw new ChainException("authority: %d bytes were answered, not 64; is the contract on this chain?"
                    .formatted(words.length));
        }
        return words[words.length - 1] == 1;
    }

    /** Who controls an identity now; empty when it is deactivated. */
    public Optional<EvmAddress> controller(EvmAddress identity) {
        IdentityRegistry contract = identities();
        EvmAddress owner =
                EvmAddress.of(chain.read("controller of " + identity, contract.identityOwner(identity.hex())));
        return new BigInteger(1, owner.bytes()).signum() == 0 ? Optional.empty() : Optional.of(owner);
    }

    /** Calldata of {@code publishBySig}. */
    String publishBySig(DeltaStruct delta, EvidenceBundle bundle) {
        return registry.publishBySig(
                        struct(delta),
                        bundle.publish().prev().bytes(),
                        bundle.digest().bytes(),
                        NO_VERIFIER,
                        new byte[0],
                        BigInteger.valueOf(bundle.publish().deadline()),
                        bundle.signature().bytes())
                .encodeFunctionCall();
    }

    /** Calldata of {@code publishBySig}. */
    String publishBySig(PublishItem item) {
        return registry.publishBySig(
                        struct(item.delta()),
                        item.prev().bytes(),
                        item.evidenceDigest().bytes(),
                        NO_VERIFIER,
                        new byte[0],
                        BigInteger.valueOf(item.deadline()),
                        Numeric.hexStringToByteArray(item.signature()))
                .encodeFunctionCall();
    }

    /** Calldata of {@code publishMany}. */
    String publishMany(List<PublishItem> items) {
        return registry.publishMany(
                        items.stream().map(item -> struct(item.delta())).toList(),
                        items.stream().map(item -> item.prev().bytes()).toList(),
                        items.stream()
                                .map(item -> item.evidenceDigest().bytes())
                                .toList())
                .encodeFunctionCall();
    }

    /** Calldata of {@code revokeBySig}. */
    String revokeBySig(Bytes32 deltaId, long deadline, byte[] signature) {
        return registry.revokeBySig(deltaId.bytes(), BigInteger.valueOf(deadline), signature)
                .encodeFunctionCall();
    }

    private static BitDeltaRegistry.Delta struct(DeltaStruct delta) {
        return new BitDeltaRegistry.Delta(
                delta.identity().hex(),
                delta.baseHash().bytes(),
                delta.deltaRoot().bytes(),
                delta.manifestDigest().bytes(),
                delta.receiptHash().bytes(),
                BigInteger.valueOf(delta.epsilonMilli()),
                BigInteger.valueOf(delta.flags()));
    }
}
