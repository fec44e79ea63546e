package io.bitdelta.node.chain;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that somebody intends.
 *
 * @param purpose the idempotency key: two requests with one purpose are one transaction
 * @param recipient contract address, or null to create a contract
 * @param calldata 0x-hex
 * @param valueWei native value sent along
 * @param sender which account sends it
 * @param notAfter chain time in Unix seconds after which it must not be signed any more, e.g. because its evidence expires;
 *     {@link #NEVER} for none
 * @param gasLimit of the transaction, which the caller has tried out with it; {@link #ESTIMATED} for one that it has not
 */
public record TxRequest(
        String purpose,
        @Nullable String recipient,
        String calldata,
        BigInteger valueWei,
        Sender sender,
        long notAfter,
        long gasLimit) {
    /** The gas limit of a transaction that the outbox tries out and estimates itself. */
    public static final long ESTIMATED = 0;

    /** No expiry. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Which of the node's accounts sends a transaction. */
    public sealed interface Sender {
        /** The node's first account: where the contract looks at who sends. */
        record Primary() implements Sender {}

        /** Whichever account has the shortest queue: where the contract does not look at who sends. */
        record Any() implements Sender {}

        /**
         * One account of the node's.
         *
         * @param address lowercase 0x-hex
         */
        record Account(String address) implements Sender {
            /** Normalises the address. */
            public Account {
                address = address.toLowerCase(Locale.ROOT);
            }
        }
    }

    /** Checks that the request names a purpose and non-negative value. */
    public TxRequest {
        Objects.requireNonNull(calldata);
        if (purpose.isBlank()) {
            throw new IllegalArgumentException("a transaction needs a purpose: it is its idempotency key");
        }
        if (valueWei.signum() < 0) {
            throw new IllegalArgumentException(purpose + ": negative value " + valueWei);
        }
    }

    /** From the node's first account, without expiry. */
    public TxRequest(String purpose, @Nullable String recipient, String calldata, BigInteger valueWei) {
        this(purpose, recipient, calldata, valueWei, new Sender.Primary(), NEVER, ESTIMATED);
    }

    /** A call without value, from the node's first account. */
    public static TxRequest call(String purpose, String recipient, String calldata) {
        return new TxRequest(purpose, recipient, calldata, BigInteger.ZERO);
    }

    /** The same from another account. */
    public TxRequest from(Sender other) {
        return new TxRequest(purpose, recipient, calldata, valueWei, other, notAfter, gasLimit);
    }

    /** The same with an expiry. */
    public TxRequest until(long chainSeconds) {
        return new TxRequest(purpose, recipient, calldata, valueWei, sender, chainSeconds, gasLimit);
    }

    /** The same, tried out: with this gas limit it would succeed now. */
    public TxRequest within(long gas) {
        return new TxRequest(purpose, recipient, calldata, valueWei, sender, notAfter, gas);
    }
}
