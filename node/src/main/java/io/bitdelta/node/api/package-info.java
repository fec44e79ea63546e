/**
 * The HTTP server: thin handlers that parse, call and render.
 *
 * <p>Entry: {@link io.bitdelta.node.api.NodeServer}. Who may call what: the gateway under {@code /ipfs} and the health
 * endpoints are open to anyone who reaches the port; the server listens on loopback unless told otherwise.
 */
@NullMarked
package io.bitdelta.node.api;

import org.jspecify.annotations.NullMarked;
