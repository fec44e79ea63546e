package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import java.math.BigInteger;
import java.util.Objects;

/**
 * That somebody used a soup, and what it costs.
 *
 * @param channel who pays whom
 * @param requestId idempotency key: one request is metered once for each payer; 1 to 128 visible ASCII characters
 * @param principal who used it; 1 to 256 characters
 * @param deltaId the delta that was used, or zero when it was the soup as a whole
 * @param units how much, at least 1
 * @param unitPrice in the token's smallest unit, not negative
 */
public record Usage(
        Channel channel, String requestId, String principal, Bytes32 deltaId, long units, BigInteger unitPrice) {
    private static final int LONGEST_REQUEST_ID = 128;
    private static final int LONGEST_PRINCIPAL = 256;

    /** Checks every range; the amount must fit what a voucher can hold. */
    public Usage {
        Objects.requireNonNull(channel);
        Objects.requireNonNull(deltaId);
        boolean visible = requestId.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (requestId.isEmpty() || requestId.length() > LONGEST_REQUEST_ID || !visible) {
            throw new RoyaltyInputException(
                    "a request id has 1 to %d visible ASCII characters".formatted(LONGEST_REQUEST_ID));
        }
        if (principal.isBlank() || principal.length() > LONGEST_PRINCIPAL) {
            throw new RoyaltyInputException("a principal has 1 to %d characters".formatted(LONGEST_PRINCIPAL));
        }
        if (units < 1) {
            throw new RoyaltyInputException("request %s uses %d units; at least 1".formatted(requestId, units));
        }
        if (unitPrice.signum() < 0 || unitPrice.bitLength() > 128) {
            throw new RoyaltyInputException(
                    "request %s: unit price %s is not in [0, 2^128)".formatted(requestId, unitPrice));
        }
        BigInteger amount = unitPrice.multiply(BigInteger.valueOf(units));
        if (amount.compareTo(RoyaltyTables.MOST) > 0) {
            throw new RoyaltyInputException(
                    "request %s: %d units at %s are more than 2^128 - 1".formatted(requestId, units, unitPrice));
        }
    }

    /** What it costs. */
    public BigInteger amount() {
        return unitPrice.multiply(BigInteger.valueOf(units));
    }
}
