package io.bitdelta.node.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Begins traces and sends them away in the background; a collector that is away costs a request nothing. Thread-safe. */
public final class Traces implements AutoCloseable {
    /** No traces. */
    public static final Traces OFF = new Traces(null);

    private static final Duration SEND_EVERY = Duration.ofSeconds(1);
    private static final Duration SEND_WITHIN = Duration.ofSeconds(5);
    private static final int MOST_HELD = 4096;
    private static final String TRACEPARENT = "traceparent";

    private final @Nullable SdkTracerProvider provider;
    private final @Nullable Tracer tracer;

    private Traces(@Nullable SdkTracerProvider provider) {
        this.provider = provider;
        this.tracer = provider == null ? null : provider.get("io.bitdelta.node");
    }

    /**
     * Traces that go to a collector.
     *
     * @param endpoint OTLP over HTTP, with its path
     * @param sample share of the traces that begin here and are kept, 0 to 1
     * @param service name in traces
     * @param version of the program
     */
    public static Traces to(String endpoint, double sample, String service, String version) {
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint)
                .setTimeout(SEND_WITHIN)
                .build();
        return new Traces(SdkTracerProvider.builder()
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(sample)))
                .setResource(Resource.create(Attributes.builder()
                        .put("service.name", service)
                        .put("service.version", version)
                        .build()))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(SEND_EVERY)
                        .setMaxQueueSize(MOST_HELD)
                        .build())
                .build());
    }

    /** Whether there are traces. */
    public boolean on() {
        return tracer != null;
    }

    /**
     * A request that has arrived.
     *
     * @param traceparent the caller's, or null; one that is malformed begins a trace of its own
     */
    public Traced request(String method, @Nullable String traceparent) {
        return begin(method, SpanKind.SERVER, traceparent);
    }

    /**
     * A job that is being worked on.
     *
     * @param traceparent of what asked for it, or null
     */
    public Traced job(String kind, @Nullable String traceparent) {
        return begin("job " + kind, SpanKind.CONSUMER, traceparent);
    }

    private Traced begin(String name, SpanKind kind, @Nullable String traceparent) {
        if (tracer == null) {
            return Traced.NONE;
        }
        Context before = traceparent == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, Getter.INSTANCE);
        SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(kind).setParent(before);
        Span span = builder.startSpan();
        return new Traced(span, span.storeInContext(before).with(TraceStep.TRACER, tracer));
    }

    /** Sends what is held. */
    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(SEND_WITHIN.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private enum Getter implements TextMapGetter<String> {
        INSTANCE;

        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(TRACEPARENT) ? carrier : null;
        }
    }
}
