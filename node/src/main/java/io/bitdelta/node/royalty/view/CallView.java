package io.bitdelta.node.royalty.view;

import io.bitdelta.node.royalty.UnsignedCall;

/**
 * A transaction for a wallet.
 *
 * @param what it does
 * @param to contract
 * @param data calldata
 * @param value native value in wei
 */
public record CallView(String what, String to, String data, String value) {
    /** The view of a call. */
    public static CallView of(UnsignedCall call) {
        return new CallView(call.what(), call.to(), call.data(), call.valueWei().toString());
    }
}
