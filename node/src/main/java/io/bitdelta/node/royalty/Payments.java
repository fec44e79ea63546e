package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pays soups, from the node's own account or as calls for somebody's wallet. O(1) at any number of contributors. */
public final class Payments {
    private static final BigInteger UNLIMITED = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    private final RoyaltiesContract contract;
    private final Tokens tokens;
    private final Outbox outbox;
    private final RoyaltyReceipts receipts;

    /** @param outbox sends from the account that pays */
    public Payments(ChainClient chain, RoyaltiesContract contract, Tokens tokens, Outbox outbox) {
        this.receipts = new RoyaltyReceipts(chain, contract.address());
        this.contract = contract;
        this.tokens = tokens;
        this.outbox = outbox;
    }

    /**
     * A payment on the chain.
     *
     * @param received what arrived in the pot; less than what was sent for a token that takes a fee
     */
    public record Payment(OutboxEntry transaction, BigInteger received) {}

    /**
     * Pays a final soup from the node's account.
     *
     * @param intent idempotency key: one intent is paid once
     * @param token the zero address for the native currency
     * @param amount in the token's smallest unit, above zero
     * @throws io.bitdelta.node.chain.RevertedException when the soup is not final or the account cannot pay
     */
    public Payment pay(String intent, Bytes32 soupId, EvmAddress token, BigInteger amount) {
        requireAmount(amount);
        String data = contract.pay(soupId, token.hex(), amount);
        return send("pay " + intent, token, amount, data);
    }

    /**
     * LP-303: pays {@code totalAmount} of the contract's royalty token from the node's account.
     *
     * @param intent idempotency key: one intent is paid once
     */
    public Payment distributeRoyalties(String intent, Bytes32 soupHash, BigInteger totalAmount) {
        requireAmount(totalAmount);
        return send("pay " + intent, royaltyToken(), totalAmount, contract.distribute(soupHash, totalAmount));
    }

    /** The token of {@link #distributeRoyalties}; zero for the native currency. */
    public EvmAddress royaltyToken() {
        return EvmAddress.of(contract.royaltyToken());
    }

    /**
     * Puts money behind the node's own vouchers.
     *
     * @param intent idempotency key: one intent is deposited once
     */
    public OutboxEntry deposit(String intent, EvmAddress token, BigInteger amount) {
        requireAmount(amount);
        allow(token, amount);
        return outbox.execute(new TxRequest(
                "deposit " + intent,
                contract.address(),
                contract.deposit(token.hex(), amount),
                isNative(token) ? amount : BigInteger.ZERO));
    }

    /** Announces a withdrawal of the node's escrow; its vouchers may still draw the money until it is made. */
    public OutboxEntry requestWithdrawal(String intent, EvmAddress token, BigInteger amount) {
        requireAmount(amount);
        return outbox.execute(TxRequest.call(
                "announce withdrawal " + intent, contract.address(), contract.requestWithdraw(token.hex(), amount)));
    }

    /**
     * Takes out what was announced, or what is left of it.
     *
     * @throws io.bitdelta.node.chain.RevertedException before its time
     */
    public OutboxEntry withdraw(String intent, EvmAddress token) {
        return outbox.execute(
                TxRequest.call("withdraw escrow " + intent, contract.address(), contract.withdraw(token.hex())));
    }

    /**
     * What a wallet sends to pay a soup: one call for the native currency or with a permit; else an approval of exactly
     * the amount, where there is too little, and the payment.
     *
     * @param payer the wallet's account
     */
    public List<UnsignedCall> prepare(
            EvmAddress payer, Bytes32 soupId, EvmAddress token, BigInteger amount, Optional<Permit> permit) {
        requireAmount(amount);
        if (isNative(token)) {
            return List.of(new UnsignedCall(
                    "pay " + soupId, contract.address(), contract.pay(soupId, token.hex(), amount), amount));
        }
        if (permit.isPresent()) {
            return List.of(UnsignedCall.of(
                    "pay " + soupId + " with a permit",
                    contract.address(),
                    contract.payWithPermit(
                            soupId,
                            token.hex(),
                            amount,
                            permit.get().deadline(),
                            permit.get().signature())));
        }
        List<UnsignedCall> calls = new ArrayList<>();
        Erc20 erc20 = tokens.erc20(EvmAddress.of(tokens.at(token).address()));
        BigInteger allowed = erc20.allowance(payer, royalties());
        if (allowed.compareTo(amount) < 0) {
            if (allowed.signum() > 0) {
                // Some tokens change an allowance only from or to zero.
                calls.add(UnsignedCall.of(
                        "end the old approval", token.hex(), erc20.approve(royalties(), BigInteger.ZERO)));
            }
            calls.add(UnsignedCall.of("approve the payment", token.hex(), erc20.approve(royalties(), amount)));
        }
        calls.add(UnsignedCall.of("pay " + soupId, contract.address(), contract.pay(soupId, token.hex(), amount)));
        return calls;
    }

    private Payment send(String purpose, EvmAddress token, BigInteger amount, String data) {
        allow(token, amount);
        OutboxEntry sent = outbox.execute(
                new TxRequest(purpose, contract.address(), data, isNative(token) ? amount : BigInteger.ZERO));
        return new Payment(sent, receipts.received(sent));
    }

    /**
     * The contract takes tokens only from its caller and cannot be changed, so an approval without a limit gives nobody
     * anything, and payments that cross each other cannot use up each other's.
     */
    private void allow(EvmAddress token, BigInteger amount) {
        if (isNative(token)) {
            return;
        }
        Erc20 erc20 = tokens.erc20(token);
        BigInteger allowed = erc20.allowance(EvmAddress.of(outbox.signer()), royalties());
        if (allowed.compareTo(amount) >= 0) {
            return;
        }
        if (allowed.signum() > 0) {
            outbox.execute(TxRequest.call(
                    "end approval of %s from %s".formatted(token, allowed),
                    token.hex(),
                    erc20.approve(royalties(), BigInteger.ZERO)));
        }
        outbox.execute(TxRequest.call(
                "approve %s from %s".formatted(token, allowed), token.hex(), erc20.approve(royalties(), UNLIMITED)));
    }

    private EvmAddress royalties() {
        return EvmAddress.of(contract.address());
    }

    private static boolean isNative(EvmAddress token) {
        return token.hex().equals(RoyaltiesContract.NATIVE);
    }

    private static void requireAmount(BigInteger amount) {
        if (amount.signum() <= 0 || amount.compareTo(MOST) > 0) {
            throw new RoyaltyInputException(
                    "an amount is a whole number of the smallest unit, from 1 to 2^128 - 1, not %s".formatted(amount));
        }
    }
}
