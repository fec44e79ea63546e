package io.bitdelta.node.api;

/** A handler answered what the contract does not declare: a fault of this program. */
final class ContractBrokenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    ContractBrokenException(String message) {
        super(message);
    }
}
