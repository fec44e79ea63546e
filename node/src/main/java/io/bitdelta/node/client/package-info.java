/** A client of a node's HTTP API: {@link ApiClient} asks, {@link Login} signs in with a key, {@link RemoteJob} follows work. */
@NullMarked
package io.bitdelta.node.client;

import org.jspecify.annotations.NullMarked;
