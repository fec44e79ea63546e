package io.bitdelta.attestation.bytes;

/** A field that runs past the end of its bytes. */
public final class TruncatedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names the offset and both lengths. */
    public TruncatedException(int offset, long needed, int available) {
        super("field at offset " + offset + " needs " + needed + " bytes, " + available + " are left");
    }
}
