package io.bitdelta.ipfs.dagcbor;

/** Bytes that are not DAG-CBOR. */
public final class MalformedCborException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedCborException(String finding) {
        super(finding);
    }
}
