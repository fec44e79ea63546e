/**
 * DID resolution over HTTP (W3C DID Resolution, HTTP binding).
 *
 * <p>Entry: {@link io.bitdelta.node.api.did.DidApi}.
 */
@NullMarked
package io.bitdelta.node.api.did;

import org.jspecify.annotations.NullMarked;
