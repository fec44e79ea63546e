package io.bitdelta.node.api.contract;

/** The OpenAPI document that this program carries is wrong, or an operation is not bound to it: a fault of the build. */
public final class ContractException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, and where in the document. */
    public ContractException(String message) {
        super(message);
    }
}
