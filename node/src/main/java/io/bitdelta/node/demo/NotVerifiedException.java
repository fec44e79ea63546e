package io.bitdelta.node.demo;

/** Something that the demo made does not pass a stranger's check. */
public final class NotVerifiedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotVerifiedException(String message) {
        super(message);
    }
}
