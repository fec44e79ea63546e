package io.bitdelta.node.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How the server listens and where its bounds are.
 *
 * @param host address to listen on
 * @param port 0 takes a free one
 * @param tls certificate and key; empty for plain HTTP
 * @param behindProxy whether a trusted proxy names the client's address
 * @param corsOrigins web origins whose scripts may read answers
 * @param work folder for uploads while they are handled
 * @param limits bounds on callers
 * @param checkResponses whether answers are held against the contract: while developing and testing
 */
public record ServerSettings(
        String host,
        int port,
        Optional<Tls> tls,
        boolean behindProxy,
        Set<String> corsOrigins,
        Path work,
        Limits limits,
        boolean checkResponses) {
    /**
     * PEM files; read again when they change.
     *
     * @param certificates the chain, the node's own first
     * @param key its private key
     * @param look how often they are looked at
     */
    public record Tls(Path certificates, Path key, Duration look) {
        private static final Duration USUAL_LOOK = Duration.ofSeconds(30);

        /** Looked at twice a minute. */
        public Tls(Path certificates, Path key) {
            this(certificates, key, USUAL_LOOK);
        }
    }

    /**
     * Bounds on callers.
     *
     * @param perAddress requests a second of one network address
     * @param perPrincipal requests a second of one credential
     * @param inFlight requests that are worked on at once
     * @param bodyDeadline for a body to arrive
     * @param idle after which a silent connection is closed
     * @param headers for the headers of a request to arrive
     * @param stop for requests to end when the node stops
     */
    public record Limits(
            int perAddress,
            int perPrincipal,
            int inFlight,
            Duration bodyDeadline,
            Duration idle,
            Duration headers,
            Duration stop) {
        /** What is refused only when somebody means it. */
        public static final Limits USUAL = new Limits(
                200,
                100,
                512,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(15),
                Duration.ofSeconds(10));

        /** The same with other rates. */
        public Limits withRates(int address, int principal) {
            return new Limits(address, principal, inFlight, bodyDeadline, idle, headers, stop);
        }
    }

    /** Copies the origins. */
    public ServerSettings {
        corsOrigins = Set.copyOf(corsOrigins);
    }

    /** Plain HTTP with the usual bounds. */
    public static ServerSettings of(String host, int port, Path work, boolean checkResponses) {
        return new ServerSettings(host, port, Optional.empty(), false, Set.of(), work, Limits.USUAL, checkResponses);
    }
}
