package io.bitdelta.node.chain;

import java.math.BigInteger;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that somebody intends.
 *
 * @param purpose the idempotency key: two requests with one purpose are one transaction
 * @param recipient contract address, or null to create a contract
 * @param calldata 0x-hex
 * @param valueWei native value sent along
 */
public record TxRequest(String purpose, @Nullable String recipient, String calldata, BigInteger valueWei) {
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

    /** A call without value. */
    public static TxRequest call(String purpose, String recipient, String calldata) {
        return new TxRequest(purpose, recipient, calldata, BigInteger.ZERO);
    }
}
