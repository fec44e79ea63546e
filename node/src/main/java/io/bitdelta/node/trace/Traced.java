package io.bitdelta.node.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request or a job that is traced, from its beginning to its end, on whatever threads. */
public final class Traced {
    static final Traced NONE = new Traced(Span.getInvalid(), null);

    private final Span span;
    private final @Nullable Context context;

    Traced(Span span, @Nullable Context context) {
        this.span = span;
        this.context = context;
    }

    /** The trace's id, 32 hex digits; empty when there are no traces. */
    public Optional<String> id() {
        return context == null
                ? Optional.empty()
                : Optional.of(span.getSpanContext().getTraceId());
    }

    /** The part of the work that this thread does, until it is closed. */
    public interface Part extends AutoCloseable {
        @Override
        void close();
    }

    /** Makes the steps of this thread steps of this. */
    @SuppressWarnings("MustBeClosedChecker") // the part closes it
    public Part enter() {
        if (context == null) {
            return () -> {};
        }
        Scope scope = context.makeCurrent();
        return scope::close;
    }

    /** Names it better. */
    public void name(String name) {
        span.updateName(name);
    }

    /** Adds what is known of it; nothing that is secret. */
    public Traced with(String name, String value) {
        span.setAttribute(AttributeKey.stringKey(name), value);
        return this;
    }

    /** As {@link #with(String, String)}. */
    public Traced with(String name, long value) {
        span.setAttribute(AttributeKey.longKey(name), value);
        return this;
    }

    /** It did not do what it was asked, by a fault of the node. */
    public void failed(String why) {
        span.setStatus(StatusCode.ERROR, why);
    }

    /** It is over. */
    public void end() {
        span.end();
    }
}
