package io.bitdelta.node.publish;

/** A principal has sent as many bytes as one may send; the message says how many. */
public final class QuotaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    QuotaException(String principal, long bytes, long most) {
        super("%s would have %d bytes stored here, the most is %d (publish.quotaMiB): ask the operator for more"
                .formatted(principal, bytes, most));
    }
}
