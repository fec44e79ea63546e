package io.bitdelta.engine.work;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads that share out numbered tasks. The caller's thread is one of them, so one worker means no
 * other thread at all. Tasks write to places of their own: results never depend on who ran what.
 */
public final class Workers implements AutoCloseable {
    private final int threads;
    private final @Nullable ExecutorService others;

    private Workers(int threads, @Nullable ExecutorService others) {
        this.threads = threads;
        this.others = others;
    }

    /**
     * Starts workers.
     *
     * @param threads at least 1
     * @throws IllegalArgumentException if there are fewer
     */
    public static Workers of(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least one thread is needed, not " + threads);
        }
        if (threads == 1) {
            return new Workers(1, null);
        }
        ThreadFactory daemons =
                Thread.ofPlatform().daemon().name("bitdelta-engine-", 1).factory();
        return new Workers(threads, Executors.newFixedThreadPool(threads - 1, daemons));
    }

    /** The number of threads, the caller's included. */
    public int threads() {
        return threads;
    }

    /**
     * Runs task 0 to {@code tasks - 1}, in order of number as threads become free, and returns when all are done. The
     * first failure stops the others and is thrown here.
     */
    public void forEach(int tasks, TaskBody body) {
        forEachLong(tasks, i -> body.run((int) i));
    }

    /** As {@link #forEach}, for more tasks than an int counts. */
    public void forEachLong(long tasks, LongConsumer body) {
        if (others == null || tasks <= 1) {
            for (long i = 0; i < tasks; i++) {
                body.accept(i);
            }
            return;
        }
        AtomicLong next = new AtomicLong();
        Runnable loop = () -> {
            for (long i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                try {
                    body.accept(i);
                } catch (RuntimeException | Error e) {
                    next.set(tasks);
                    throw e;
                }
            }
        };
        List<Future<?>> running = new ArrayList<>();
        for (int i = 1; i < Math.min(threads, tasks); i++) {
            running.add(others.submit(loop));
        }
        Throwable failure = null;
        try {
            loop.run();
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        for (Future<?> future : running) {
            Throwable other = outcome(future);
            failure = failure == null ? other : failure;
        }
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    private static @Nullable Throwable outcome(Future<?> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get();
                    return null;
                } catch (ExecutionException e) {
                    return e.getCause();
                } catch (InterruptedException e) {
                    // The task works on memory that the caller is about to release: wait for it in any case.
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        if (others != null) {
            others.shutdownNow();
        }
    }

    /** One numbered task. */
    @FunctionalInterface
    public interface TaskBody {
        /** Runs task {@code index}. */
        void run(int index);
    }
}
