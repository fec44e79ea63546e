package io.bitdelta.engine.fuzz;

import com.sun.management.ThreadMXBean;
import io.bitdelta.engine.EngineInputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** What must hold of a decoder whatever it is given: a value or a typed error that names the file, and little memory. */
public final class Decoding {
    /** The name under which hostile bytes are decoded. */
    public static final Path FILE = Path.of("hostile-input");

    private static final long ALLOWED = 64L << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Decoding() {}

    /** One decoder at work. */
    @FunctionalInterface
    public interface Attempt {
        /** Decodes. */
        void run() throws IOException;
    }

    /** Runs a decoder; anything but success or a refusal that names {@link #FILE} is a finding. */
    public static void check(Attempt attempt) throws IOException {
        // The first run through a path also loads classes, and the fuzzer's agent rewrites them: only a run that
        // allocates too much a second time does so itself.
        if (allocated(attempt) > ALLOWED) {
            long again = allocated(attempt);
            if (again > ALLOWED) {
                throw new AssertionError("decoding allocated " + again + " bytes, allowed are " + ALLOWED);
            }
        }
    }

    private static long allocated(Attempt attempt) throws IOException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            attempt.run();
        } catch (EngineInputException refusal) {
            if (!String.valueOf(refusal.getMessage()).contains(FILE.toString())) {
                throw new AssertionError("the refusal does not name the file: " + refusal.getMessage(), refusal);
            }
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
