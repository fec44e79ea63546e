package io.bitdelta.node.did;

/** A change of an identity that is not written as it should be. */
public final class DidFormException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String member;

    DidFormException(String member, String detail) {
        super(detail);
        this.member = member;
    }

    /** The member at fault. */
    public String member() {
        return member;
    }
}
