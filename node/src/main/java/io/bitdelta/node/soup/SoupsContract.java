package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.typed.Eip712Domain;
import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.engine.soup.SoupHeader;
import io.bitdelta.node.chain.ChainClient;
import java.math.BigInteger;
import org.web3j.tx.gas.DefaultGasProvider;

/** The contract of soups: views, and calldata for the outbox. */
public final class SoupsContract {
    private final ChainClient chain;
    private final long chainId;
    private final DeltaSoups soups;

    /** @param address the contract's */
    public SoupsContract(ChainClient chain, String address) {
        this.chain = chain;
        this.chainId = chain.chainId();
        this.soups = DeltaSoups.load(address, chain.web3(), chain.readOnly(), new DefaultGasProvider());
    }

    /** Where a soup stands. The order is the contract's. */
    public enum Status {
        UNKNOWN,
        PROPOSED,
        FINAL,
        SLASHED
    }

    /**
     * What the chain keeps of a soup.
     *
     * @param closesAt block time in seconds from which it can be made final
     */
    public record Stored(Status status, long closesAt) {}

    /** The contract's address. */
    public String address() {
        return soups.getContractAddress();
    }

    /** The chain it is on. */
    public long chainId() {
        return chainId;
    }

    /** The domain that members sign consents in. */
    public Eip712Domain domain() {
        return new Eip712Domain("DeltaSoups", chainId, EvmAddress.of(address()));
    }

    /** Wei that a proposer must put up. */
    public BigInteger bond() {
        return chain.read("bond of soups", soups.BOND());
    }

    /** Seconds that a snapshot must lie in the past. */
    public long finalityLag() {
        return chain.read("finality lag of soups", soups.FINALITY_LAG()).longValueExact();
    }

    /** Seconds of the challenge window. */
    public long window() {
        return chain.read("window of soups", soups.WINDOW()).longValueExact();
    }

    /** Where a soup stands. */
    public Stored soup(Bytes32 soupId) {
        DeltaSoups.Soup found = chain.read("soup " + soupId, soups.soup(soupId.bytes()));
        return new Stored(Status.values()[found.status.intValueExact()], found.closesAt.longValueExact());
    }

    /** Calldata of {@code propose}; uniform weights need no quorum signatures. */
    String propose(SoupHeader header) {
        return soups.propose(struct(header), new byte[0], BigInteger.ZERO).encodeFunctionCall();
    }

    /** Calldata of {@code finalize}. */
    String finalizeSoup(Bytes32 soupId, SoupHeader header) {
        return soups.finalize(soupId.bytes(), struct(header)).encodeFunctionCall();
    }

    private static DeltaSoups.Header struct(SoupHeader header) {
        return new DeltaSoups.Header(
                header.baseHash().bytes(),
                header.layoutHash().bytes(),
                header.membersRoot().bytes(),
                header.signsRoot().bytes(),
                header.abstainRoot().bytes(),
                header.scalesRoot().bytes(),
                header.weightsRoot().bytes(),
                header.manifestDigest().bytes(),
                BigInteger.valueOf(header.members()),
                BigInteger.valueOf(header.byzantine()),
                BigInteger.valueOf(header.payees()),
                BigInteger.valueOf(header.nSigns()),
                BigInteger.valueOf(header.nScales()),
                BigInteger.valueOf(header.epsilonCapMilli()),
                BigInteger.valueOf(header.rule()),
                BigInteger.valueOf(header.weightsRule()),
                BigInteger.valueOf(header.requiredFlags()),
                BigInteger.valueOf(header.snapshot()));
    }
}
