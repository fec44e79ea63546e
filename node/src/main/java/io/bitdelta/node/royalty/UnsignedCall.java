package io.bitdelta.node.royalty;

import java.math.BigInteger;

/**
 * A transaction for somebody's wallet to sign and send. Calls of one list are sent in its order.
 *
 * @param what it does, for people
 * @param to contract
 * @param data calldata, 0x-hex
 * @param valueWei native value to send along
 */
public record UnsignedCall(String what, String to, String data, BigInteger valueWei) {
    static UnsignedCall of(String what, String to, String data) {
        return new UnsignedCall(what, to, data, BigInteger.ZERO);
    }
}
