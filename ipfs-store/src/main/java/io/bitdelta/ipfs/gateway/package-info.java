/**
 * The trustless gateway protocol, served and consumed: raw blocks and CARs over HTTP, verified by whoever receives them.
 *
 * <p>Entries: {@link io.bitdelta.ipfs.gateway.TrustlessGateway} serves, {@link io.bitdelta.ipfs.gateway.GatewayClient}
 * fetches. Invariants: the server gives what its source gives and nothing else; the client believes no byte that does not
 * hash to the identifier it asked for.
 *
 * <p>Source: IPFS HTTP Gateways, Trustless Gateway Specification; IPIP-0412, IPIP-0523.
 */
@NullMarked
package io.bitdelta.ipfs.gateway;

import org.jspecify.annotations.NullMarked;
