package io.bitdelta.node.royalty;

import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.typed.VoucherMessage;

/**
 * "All that I owe to this soup so far", signed by the payer.
 *
 * @param message what is owed
 * @param signature of its EIP-712 digest in the royalties contract's domain
 */
public record SignedVoucher(VoucherMessage message, EvmSignature signature) {
    /** The channel that it speaks for. */
    public Channel channel() {
        return new Channel(message.soupId(), message.token(), message.payer());
    }
}
