package io.bitdelta.node.cli.store;

import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.node.cli.CommandException;
import java.net.URI;
import java.util.List;

/** Gateways as they are named on a command line. */
final class Gateways {
    private Gateways() {}

    static GatewayClient of(List<URI> gateways) {
        try {
            return new GatewayClient(gateways);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
    }
}
