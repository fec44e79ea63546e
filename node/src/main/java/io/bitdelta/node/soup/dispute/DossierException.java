package io.bitdelta.node.soup.dispute;

/** A soup cannot be checked: something that its proposer must publish is missing or is not what the chain says. */
public final class DossierException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message the soup, what is wrong, and what it means */
    public DossierException(String message) {
        super(message);
    }

    /** @param cause why it could not be read */
    public DossierException(String message, Throwable cause) {
        super(message, cause);
    }
}
