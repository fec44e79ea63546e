package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.contracts.BitDeltaRoyalties;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.soup.Payee;
import java.math.BigInteger;
import org.web3j.tx.gas.DefaultGasProvider;

/** The contract that holds the money: views, and calldata for the outbox. */
public final class RoyaltiesContract {
    /** The token address that stands for the chain's native currency. */
    public static final String NATIVE = "0x0000000000000000000000000000000000000000";

    private final ChainClient chain;
    private final BitDeltaRoyalties royalties;

    /** @param address the contract's */
    public RoyaltiesContract(ChainClient chain, String address) {
        this.chain = chain;
        this.royalties = BitDeltaRoyalties.load(address, chain.web3(), chain.readOnly(), new DefaultGasProvider());
    }

    /**
     * What a soup took in and gave out, in a token's smallest unit.
     *
     * @param received for life
     * @param paid for life
     */
    public record Pot(BigInteger received, BigInteger paid) {}

    /** The contract's address. */
    public String address() {
        return royalties.getContractAddress();
    }

    /** Receipts and payouts of a soup in a token. */
    public Pot pot(Bytes32 soupId, String token) {
        var pot = chain.read("pot of " + soupId, royalties.pot(soupId.bytes(), token));
        return new Pot(pot.component1(), pot.component2());
    }

    /** What a payee could claim now. */
    public BigInteger due(Bytes32 soupId, String token, Payee payee) {
        return chain.read(
                "due of " + payee.identity(),
                royalties.due(
                        soupId.bytes(),
                        token,
                        BigInteger.valueOf(payee.index()),
                        BigInteger.valueOf(payee.start()),
                        BigInteger.valueOf(payee.end())));
    }

    /** What a payee has claimed so far. */
    public BigInteger claimed(Bytes32 soupId, String token, long index) {
        return chain.read(
                "claims of leaf " + index, royalties.claimed(soupId.bytes(), token, BigInteger.valueOf(index)));
    }

    /** Calldata of {@code pay}. */
    String pay(Bytes32 soupId, String token, BigInteger amount) {
        return royalties.pay(soupId.bytes(), token, amount, BigInteger.ZERO).encodeFunctionCall();
    }

    /** Calldata of {@code claim}. */
    String claim(Bytes32 soupId, String token, Payee payee) {
        return royalties
                .claim(
                        soupId.bytes(),
                        token,
                        BigInteger.valueOf(payee.index()),
                        payee.identity(),
                        BigInteger.valueOf(payee.start()),
                        BigInteger.valueOf(payee.end()),
                        payee.proof().stream().map(Hash32::bytes).toList())
                .encodeFunctionCall();
    }
}
