package io.bitdelta.node.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Processor time of this process, all its threads together: what a machine that others use at the same time cannot change. */
final class ProcessorTime {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final long start = SYSTEM.getProcessCpuTime();

    /** Seconds since this was made. */
    double seconds() {
        return (SYSTEM.getProcessCpuTime() - start) / 1e9;
    }
}
