package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.typed.Eip712Domain;
import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.engine.soup.SoupHeader;
import io.bitdelta.node.chain.ChainClient;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.web3j.abi.EventEncoder;
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

    /**
     * A proposal as its event tells it.
     *
     * @param proposer who put up the bond
     */
    public record Proposal(Bytes32 soupId, EvmAddress proposer, SoupHeader header) {}

    /** The proposal of a soup, from the block that it was made in. */
    public Optional<Proposal> proposal(Bytes32 soupId, long block) {
        return chain
                .logs(
                        block,
                        block,
                        List.of(address()),
                        List.of(EventEncoder.encode(DeltaSoups.PROPOSED_EVENT), soupId.hex()))
                .stream()
                .map(DeltaSoups::getProposedEventFromLog)
                .map(event -> new Proposal(soupId, EvmAddress.of(event.proposer), SoupHeaders.header(event.header)))
                .findFirst();
    }

    /** Calldata of {@code propose}; uniform weights need no quorum signatures. */
    String propose(SoupHeader header) {
        return soups.propose(SoupHeaders.struct(header), new byte[0], BigInteger.ZERO)
                .encodeFunctionCall();
    }

    /** Calldata of {@code finalize}. */
    String finalizeSoup(Bytes32 soupId, SoupHeader header) {
        return soups.finalize(soupId.bytes(), SoupHeaders.struct(header)).encodeFunctionCall();
    }
}
