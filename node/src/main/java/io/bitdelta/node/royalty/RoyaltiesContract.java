package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.typed.Eip712Domain;
import io.bitdelta.contracts.BitDeltaRoyalties;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.soup.Payee;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.web3j.tx.gas.DefaultGasProvider;
import org.web3j.utils.Numeric;

/** The contract that holds the money: views, and calldata for the outbox or for somebody's wallet. */
public final class RoyaltiesContract {
    /** The token address that stands for the chain's native currency. */
    public static final String NATIVE = "0x0000000000000000000000000000000000000000";

    private final ChainClient chain;
    private final long chainId;
    private final BitDeltaRoyalties royalties;

    /** @param address the contract's */
    public RoyaltiesContract(ChainClient chain, String address) {
        this.chain = chain;
        this.chainId = chain.chainId();
        this.royalties = BitDeltaRoyalties.load(address, chain.web3(), chain.readOnly(), new DefaultGasProvider());
    }

    /**
     * What a soup took in and gave out, in a token's smallest unit.
     *
     * @param received for life
     * @param paid for life
     */
    public record Pot(BigInteger received, BigInteger paid) {}

    /**
     * Money behind a payer's vouchers, in a token's smallest unit.
     *
     * @param amount there, the announced part included
     * @param announced to be withdrawn
     * @param notBefore block time from which that can happen; 0 when nothing is announced
     */
    public record Escrow(BigInteger amount, BigInteger announced, long notBefore) {
        /** What vouchers can count on. */
        BigInteger free() {
            return amount.subtract(announced.min(amount));
        }
    }

    /** The contract's address. */
    public String address() {
        return royalties.getContractAddress();
    }

    /** The chain it is on. */
    public long chainId() {
        return chainId;
    }

    /** The domain that payers sign vouchers in. */
    public Eip712Domain domain() {
        return new Eip712Domain("BitDeltaRoyalties", chainId, EvmAddress.of(address()));
    }

    /** Block time of the newest block, in seconds: the clock of vouchers and escrows. */
    public long chainTime() {
        return chain.head().timestamp();
    }

    /** The token of {@code distributeRoyalties}, lowercase 0x-hex. */
    public String royaltyToken() {
        return chain.read("token of distributed royalties", royalties.ROYALTY_TOKEN());
    }

    /** Seconds between announcing and making a withdrawal of escrow. */
    public long escrowDelay() {
        return chain.read("delay of escrow withdrawals", royalties.ESCROW_DELAY())
                .longValueExact();
    }

    /** Whether a soup can be paid. */
    public boolean isFinal(Bytes32 soupId) {
        return !Bytes32.of(chain.read("weights of soup " + soupId, royalties.weightsRoot(soupId.bytes())))
                .isZero();
    }

    /** Receipts and payouts of a soup in a token. */
    public Pot pot(Bytes32 soupId, String token) {
        var pot = chain.read("pot of " + soupId, royalties.pot(soupId.bytes(), token));
        return new Pot(pot.component1(), pot.component2());
    }

    /** What an interval could draw now. */
    public BigInteger due(Bytes32 soupId, String token, long leaf, long start, long end) {
        return chain.read(
                "due of leaf " + leaf,
                royalties.due(
                        soupId.bytes(),
                        token,
                        BigInteger.valueOf(leaf),
                        BigInteger.valueOf(start),
                        BigInteger.valueOf(end)));
    }

    /** What a payee could claim now. */
    public BigInteger due(Bytes32 soupId, String token, Payee payee) {
        return due(soupId, token, payee.index(), payee.start(), payee.end());
    }

    /** What a leaf has drawn so far. */
    public BigInteger claimed(Bytes32 soupId, String token, long leaf) {
        return chain.read("claims of leaf " + leaf, royalties.claimed(soupId.bytes(), token, BigInteger.valueOf(leaf)));
    }

    /** A payer's escrow. */
    public Escrow escrow(EvmAddress payer, String token) {
        var found = chain.read("escrow of " + payer, royalties.escrow(payer.hex(), token));
        return new Escrow(
                found.component1(), found.component2(), found.component3().longValueExact());
    }

    /** What a payer's vouchers for a soup have drawn so far. */
    public BigInteger drawn(Bytes32 soupId, String token, EvmAddress payer) {
        return chain.read("vouchers of " + payer, royalties.drawn(soupId.bytes(), token, payer.hex()));
    }

    /** Calldata of {@code pay}. */
    String pay(Bytes32 soupId, String token, BigInteger amount) {
        return royalties.pay(soupId.bytes(), token, amount, BigInteger.ZERO).encodeFunctionCall();
    }

    /** Calldata of {@code payWithPermit}. */
    String payWithPermit(Bytes32 soupId, String token, BigInteger amount, long deadline, EvmSignature permit) {
        return royalties
                .payWithPermit(
                        soupId.bytes(),
                        token,
                        amount,
                        BigInteger.valueOf(deadline),
                        BigInteger.valueOf(permit.v()),
                        Numeric.toBytesPadded(permit.r(), Bytes32.LENGTH),
                        Numeric.toBytesPadded(permit.s(), Bytes32.LENGTH))
                .encodeFunctionCall();
    }

    /** Calldata of {@code distributeRoyalties}. */
    String distribute(Bytes32 soupId, BigInteger amount) {
        return royalties
                .distributeRoyalties(soupId.bytes(), amount, BigInteger.ZERO)
                .encodeFunctionCall();
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
                        bytes(payee.proof()))
                .encodeFunctionCall();
    }

    /** Calldata of {@code claimMany}: one identity's shares of many soups, one transfer. */
    String claimMany(String token, EvmAddress identity, List<ProvenShare> shares) {
        List<byte[]> soups = new ArrayList<>();
        List<BigInteger> places = new ArrayList<>();
        List<byte[]> proofs = new ArrayList<>();
        for (ProvenShare share : shares) {
            soups.add(share.soupId().bytes());
            places.add(BigInteger.valueOf(share.leaf()));
            places.add(BigInteger.valueOf(share.start()));
            places.add(BigInteger.valueOf(share.end()));
            places.add(BigInteger.valueOf(share.proof().size()));
            proofs.addAll(bytes(share.proof()));
        }
        return royalties.claimMany(token, identity.hex(), soups, places, proofs).encodeFunctionCall();
    }

    /** Calldata of {@code pull}: a parent soup's share out of its child's pot. */
    String pull(String token, ProvenShare child, Bytes32 parent) {
        return royalties
                .pull(
                        child.soupId().bytes(),
                        token,
                        BigInteger.valueOf(child.leaf()),
                        parent.bytes(),
                        BigInteger.valueOf(child.start()),
                        BigInteger.valueOf(child.end()),
                        bytes(child.proof()))
                .encodeFunctionCall();
    }

    /** Calldata of {@code deposit}. */
    String deposit(String token, BigInteger amount) {
        return royalties.deposit(token, amount, BigInteger.ZERO).encodeFunctionCall();
    }

    /** Calldata of {@code requestWithdraw}. */
    String requestWithdraw(String token, BigInteger amount) {
        return royalties.requestWithdraw(token, amount).encodeFunctionCall();
    }

    /** Calldata of {@code withdraw}. */
    String withdraw(String token) {
        return royalties.withdraw(token).encodeFunctionCall();
    }

    /** Calldata of {@code settle}. */
    String settle(List<SignedVoucher> vouchers) {
        ByteArrayOutputStream signatures = new ByteArrayOutputStream();
        vouchers.forEach(voucher -> signatures.writeBytes(voucher.signature().bytes()));
        return royalties
                .settle(
                        vouchers.stream()
                                .map(SignedVoucher::message)
                                .map(voucher -> new BitDeltaRoyalties.Voucher(
                                        voucher.soupId().bytes(),
                                        voucher.token().hex(),
                                        voucher.payer().hex(),
                                        voucher.cumulative(),
                                        BigInteger.valueOf(voucher.expiry())))
                                .toList(),
                        signatures.toByteArray())
                .encodeFunctionCall();
    }

    private static List<byte[]> bytes(List<Hash32> proof) {
        return proof.stream().map(Hash32::bytes).toList();
    }
}
