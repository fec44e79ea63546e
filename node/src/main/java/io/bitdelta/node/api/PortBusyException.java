package io.bitdelta.node.api;

/** The port to listen on is taken. */
public final class PortBusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PortBusyException(String host, int port) {
        super("port %d on %s is busy: stop what uses it, or choose another with --port".formatted(port, host));
    }
}
