/**
 * What happened on the way of a request: from its arrival over the steps of the job that it asked for to calls of the chain
 * and the store, as OpenTelemetry traces. Off unless an endpoint is configured.
 *
 * <p>Entry: {@link io.bitdelta.node.trace.Traces} begins traces, {@link io.bitdelta.node.trace.TraceStep} is one step of whatever
 * is being traced on this thread, and nothing where nothing is. Trace contexts come in and go out as {@code traceparent} (W3C
 * Trace Context). Attributes are names, sizes and public hashes; never bodies, credentials, purposes or addresses with keys.
 */
@NullMarked
package io.bitdelta.node.trace;

import org.jspecify.annotations.NullMarked;
