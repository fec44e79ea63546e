package io.bitdelta.node.config;

import java.net.URI;

/** Addresses of web services in a configuration. */
final class WebAddress {
    private WebAddress() {}

    /**
     * The address that stands under a key.
     *
     * @throws IllegalArgumentException naming the key, when it is no http or https address
     */
    static URI of(String key, String address) {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("%s: %s is no address".formatted(key, address), malformed);
        }
        if (!"https".equals(uri.getScheme()) && !"http".equals(uri.getScheme())) {
            throw new IllegalArgumentException("%s: %s is not an http or https address".formatted(key, address));
        }
        return uri;
    }
}
