package io.bitdelta.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the node listens and who may reach it.
 *
 * @param host an address of this machine
 * @param port 0 for a free one
 * @param behindProxy whether a proxy that ends TLS and names the client's address stands before the node
 * @param origins under which people reach the node, e.g. {@code https://node.example.org}; empty: where it listens
 * @param certificates PEM file of the certificate chain; empty for plain HTTP
 * @param key PEM file of its private key
 * @param cors web origins whose scripts may read answers
 * @param perAddress requests a second of one network address
 * @param perPrincipal requests a second of one credential
 */
public record HttpConfig(
        String host,
        int port,
        boolean behindProxy,
        Set<URI> origins,
        String certificates,
        String key,
        Set<String> cors,
        int perAddress,
        int perPrincipal) {
    private static final int DEFAULT_PORT = 8480;
    private static final int DEFAULT_PER_ADDRESS = 200;
    private static final int DEFAULT_PER_PRINCIPAL = 100;

    /** Checks ranges, and that nothing leaves the machine unprotected. */
    public HttpConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("http.port: %d is not a port".formatted(port));
        }
        if (certificates.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException("http.certificates and http.key: name both files, or neither");
        }
        if (perAddress < 1 || perPrincipal < 1) {
            throw new IllegalArgumentException("http.perAddress and http.perPrincipal: at least 1 a second");
        }
        for (URI origin : origins) {
            if (origin.getScheme() == null
                    || !Set.of("http", "https").contains(origin.getScheme())
                    || origin.getRawAuthority() == null
                    || !origin.getRawPath().isEmpty()) {
                throw new IllegalArgumentException(
                        "http.origins: %s is no origin such as https://node.example.org".formatted(origin));
            }
        }
        if (!behindProxy && certificates.isEmpty() && !loopback(host)) {
            throw new IllegalArgumentException(
                    "http.host: %s can be reached by others, and tokens would pass in clear: set http.certificates and http.key, or http.behindProxy: true when a proxy does TLS"
                            .formatted(host));
        }
        origins = Set.copyOf(origins);
        cors = Set.copyOf(cors);
    }

    @JsonCreator
    static HttpConfig of(
            @JsonProperty("host") @Nullable String host,
            @JsonProperty("port") @Nullable Integer port,
            @JsonProperty("behindProxy") @Nullable Boolean behindProxy,
            @JsonProperty("origins") @Nullable String origins,
            @JsonProperty("certificates") @Nullable String certificates,
            @JsonProperty("key") @Nullable String key,
            @JsonProperty("cors") @Nullable String cors,
            @JsonProperty("perAddress") @Nullable Integer perAddress,
            @JsonProperty("perPrincipal") @Nullable Integer perPrincipal) {
        return new HttpConfig(
                host == null || host.isBlank() ? "127.0.0.1" : host.strip(),
                port == null ? DEFAULT_PORT : port,
                behindProxy != null && behindProxy,
                list(origins).stream().map(HttpConfig::origin).collect(Collectors.toSet()),
                certificates == null ? "" : certificates.strip(),
                key == null ? "" : key.strip(),
                Set.copyOf(list(cors)),
                perAddress == null ? DEFAULT_PER_ADDRESS : perAddress,
                perPrincipal == null ? DEFAULT_PER_PRINCIPAL : perPrincipal);
    }

    static HttpConfig defaults() {
        return of(null, null, null, null, null, null, null, null, null);
    }

    /** The origins, or where the node listens when none are configured. */
    public Set<URI> originsAt(int listening) {
        if (!origins.isEmpty()) {
            return origins;
        }
        String scheme = certificates.isEmpty() ? "http" : "https";
        return Set.of(
                URI.create("%s://%s:%d".formatted(scheme, host.indexOf(':') < 0 ? host : "[" + host + "]", listening)),
                URI.create("%s://localhost:%d".formatted(scheme, listening)));
    }

    static List<String> list(@Nullable String commas) {
        return commas == null
                ? List.of()
                : Arrays.stream(commas.split(",", -1))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .distinct()
                        .toList();
    }

    /** As {@link #list}, where the same word may stand twice. */
    static List<String> every(@Nullable String commas) {
        return commas == null
                ? List.of()
                : Arrays.stream(commas.split(",", -1))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .toList();
    }

    private static URI origin(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("http.origins: %s is no address".formatted(text), malformed);
        }
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
