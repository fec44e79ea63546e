package io.bitdelta.node.cli;

import java.io.Console;
import java.io.PrintStream;

/**
 * A progress bar on standard error. It draws on terminals only, at most ten times a second, and clears its line when it
 * closes. Thread-safe.
 */
public final class TerminalProgress implements AutoCloseable {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final int BAR_WIDTH = 28;

    private final String label;
    private final long total;
    private final boolean visible;
    private final PrintStream err;
    private final long start;
    private long done;
    private long lastDraw;

    private TerminalProgress(String label, long total, boolean visible, PrintStream err) {
        this.label = label;
        this.total = Math.max(1, total);
        this.visible = visible;
        this.err = err;
        this.start = System.nanoTime();
        this.lastDraw = start;
    }

    /**
     * Starts a bar.
     *
     * @param label what is being done
     * @param total units of work, e.g. bytes
     */
    public static TerminalProgress start(String label, long total) {
        Console console = System.console();
        return new TerminalProgress(label, total, console != null && console.isTerminal(), System.err);
    }

    /** Adds finished units. */
    public synchronized void add(long units) {
        done += units;
        long now = System.nanoTime();
        if (visible && now - lastDraw >= REDRAW_NANOS) {
            lastDraw = now;
            draw(now);
        }
    }

    private void draw(long now) {
        double fraction = Math.min(1.0, (double) done / total);
        int full = (int) (fraction * BAR_WIDTH);
        double elapsed = (now - start) / 1e9;
        String eta = fraction > 0.01 ? "%.0f s left".formatted(elapsed / fraction - elapsed) : "";
        err.printf(
                "\r%-24s [%s%s] %3.0f %% %s\033[K",
                label, "#".repeat(full), ".".repeat(BAR_WIDTH - full), fraction * 100, eta);
        err.flush();
    }

    @Override
    public synchronized void close() {
        if (visible) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}
