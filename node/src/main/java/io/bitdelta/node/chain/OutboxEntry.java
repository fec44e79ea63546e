package io.bitdelta.node.chain;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * One intended transaction as stored.
 *
 * @param id row
 * @param purpose idempotency key
 * @param signer sending account; empty before one was chosen
 * @param nonce its nonce; -1 before one was allocated
 * @param recipient contract, null when one is created
 * @param calldata 0x-hex
 * @param valueWei native value
 * @param gasLimit gas limit of every attempt
 * @param notAfter chain time in Unix seconds after which it is not signed any more; {@link TxRequest#NEVER} for none
 * @param state where it stands
 * @param hash the mined attempt's hash, else the newest attempt's; empty before it was signed
 * @param block height of the block it was mined in; -1 before
 * @param blockHash of that block; empty before
 * @param gasUsed gas used; -1 before it was mined
 * @param priceWei what a gas cost; 0 before it was mined
 * @param failure why it failed
 */
public record OutboxEntry(
        long id,
        String purpose,
        String signer,
        long nonce,
        @Nullable String recipient,
        String calldata,
        BigInteger valueWei,
        long gasLimit,
        long notAfter,
        TxState state,
        String hash,
        long block,
        String blockHash,
        long gasUsed,
        BigInteger priceWei,
        @Nullable String failure) {
    /** What it has cost, value not included; 0 before it was mined. */
    public BigInteger costWei() {
        return priceWei.multiply(BigInteger.valueOf(Math.max(0, gasUsed)));
    }
}
