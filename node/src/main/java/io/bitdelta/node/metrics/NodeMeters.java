package io.bitdelta.node.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The registry of a node's meters. Thread-safe. */
public final class NodeMeters implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics pauses = new JvmGcMetrics();
    private final Map<Request, Timer> timers = new ConcurrentHashMap<>();

    private record Request(String operation, int status) {}

    /** Meters of the JVM, and of {@code parts}. */
    public NodeMeters(List<MeterBinder> parts) {
        List<MeterBinder> machine = List.of(
                new JvmMemoryMetrics(),
                pauses,
                new JvmThreadMetrics(),
                new ClassLoaderMetrics(),
                new ProcessorMetrics(),
                new FileDescriptorMetrics(),
                new UptimeMetrics());
        machine.forEach(each -> each.bindTo(registry));
        parts.forEach(each -> each.bindTo(registry));
    }

    /** For parts that measure. */
    public MeterRegistry registry() {
        return registry;
    }

    /**
     * A request was answered.
     *
     * @param operation of the contract, or one word for what is not in it
     */
    public void answered(String operation, int status, long nanos) {
        timers.computeIfAbsent(new Request(operation, status), this::timer).record(Duration.ofNanos(nanos));
    }

    private Timer timer(Request request) {
        return Timer.builder("http.server.requests")
                .description("Requests by operation and status.")
                .tag("operation", request.operation())
                .tag("status", Integer.toString(request.status()))
                .serviceLevelObjectives(
                        Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(5))
                .register(registry);
    }

    /** Everything in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        pauses.close();
        registry.close();
    }
}
