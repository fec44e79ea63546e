package io.bitdelta.node.did;

import io.bitdelta.attestation.bytes.Bytes32;

/** What an identity's controller changed. */
sealed interface IdentityEvent {
    /** The block that holds it. */
    long block();

    /** That block's time, Unix seconds. */
    long time();

    /** Another controller; the zero address ends the identity. */
    record OwnerChanged(long block, long time, String owner) implements IdentityEvent {}

    /** A delegate, until a time that may have passed: then it is taken back. */
    record DelegateChanged(long block, long time, Bytes32 type, String delegate, long validTo)
            implements IdentityEvent {}

    /** An attribute, until a time that may have passed: then it is taken back. */
    record AttributeChanged(long block, long time, Bytes32 name, String valueHex, long validTo)
            implements IdentityEvent {}
}
