package io.bitdelta.node.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A step of what is being traced on this thread; where nothing is, it does nothing. Close it on the thread that began it. */
public final class TraceStep implements AutoCloseable {
    static final ContextKey<Tracer> TRACER = ContextKey.named("bitdelta-tracer");

    private static final TraceStep NONE = new TraceStep(null, null);

    private final @Nullable Span span;
    private final @Nullable Scope scope;

    private TraceStep(@Nullable Span span, @Nullable Scope scope) {
        this.span = span;
        this.scope = scope;
    }

    /** Begins a step inside the node, e.g. {@code store import}. */
    public static TraceStep begin(String name) {
        return begin(name, SpanKind.INTERNAL);
    }

    /** Begins a call of something else, e.g. {@code rpc eth_call}. */
    public static TraceStep call(String name) {
        return begin(name, SpanKind.CLIENT);
    }

    @SuppressWarnings("MustBeClosedChecker") // the step closes it
    private static TraceStep begin(String name, SpanKind kind) {
        Context context = Context.current();
        Tracer tracer = context.get(TRACER);
        if (tracer == null) {
            return NONE;
        }
        Span span =
                tracer.spanBuilder(name).setSpanKind(kind).setParent(context).startSpan();
        return new TraceStep(span, span.storeInContext(context).makeCurrent());
    }

    /** Whether something is being traced on this thread. */
    public static boolean traced() {
        return Context.current().get(TRACER) != null;
    }

    /** What other services and later work continue this trace with (W3C {@code traceparent}). */
    public static Optional<String> traceparent() {
        SpanContext here = Span.current().getSpanContext();
        return here.isValid() && traced()
                ? Optional.of("00-%s-%s-%s"
                        .formatted(
                                here.getTraceId(),
                                here.getSpanId(),
                                here.getTraceFlags().asHex()))
                : Optional.empty();
    }

    /** Names it better. */
    public TraceStep name(String name) {
        if (span != null) {
            span.updateName(name);
        }
        return this;
    }

    /** Adds what is known of the step; nothing that is secret. */
    public TraceStep with(String name, String value) {
        if (span != null) {
            span.setAttribute(AttributeKey.stringKey(name), value);
        }
        return this;
    }

    /** As {@link #with(String, String)}. */
    public TraceStep with(String name, long value) {
        if (span != null) {
            span.setAttribute(AttributeKey.longKey(name), value);
        }
        return this;
    }

    /** The step failed; only the kind of failure is told, because messages may hold what callers sent. */
    public void failed(Throwable failure) {
        if (span != null) {
            span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        if (scope != null) {
            scope.close();
        }
        if (span != null) {
            span.end();
        }
    }
}
