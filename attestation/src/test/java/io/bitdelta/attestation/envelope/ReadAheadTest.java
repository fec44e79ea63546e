package io.bitdelta.attestation.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("InputStreamSlowMultibyteRead") // streams of single bytes are what these tests need
final class ReadAheadTest {
    private static final int SIZE = 64;

    /** A stream that gives as few bytes at once as it likes. */
    private static InputStream reluctant(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, length == 0 ? 0 : 1 + random.nextInt(length));
            }
        };
    }

    @Property(tries = 200)
    void theBytesComeInOrderInFullPortionsAndOnlyTheLastSaysSo(
            @ForAll @IntRange(max = 20 * SIZE) int length, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        int portions = 0;
        try (ReadAhead ahead = new ReadAhead(reluctant(bytes, random), SIZE)) {
            ReadAhead.Portion portion;
            do {
                portion = ahead.next();
                portions++;
                assertThat(portion.last() || portion.length() == SIZE).isTrue();
                read.write(portion.bytes(), 0, portion.length());
            } while (!portion.last());
        }
        assertThat(read.toByteArray()).isEqualTo(bytes);
        assertThat(portions).isEqualTo(Math.max(1, (length + SIZE - 1) / SIZE));
    }

    /** Zeros until a number of bytes was read, then a failure. */
    private static InputStream failing(int good, @Nullable RuntimeException unchecked) {
        return new InputStream() {
            private int given;

            @Override
            public int read() throws IOException {
                if (given++ < good) {
                    return 0;
                }
                if (unchecked != null) {
                    throw unchecked;
                }
                throw new IOException("the disk is gone");
            }
        };
    }

    @Test
    void aFailureOfTheStreamComesBehindWhatWasReadBeforeIt() throws IOException {
        try (ReadAhead ahead = new ReadAhead(failing(2 * SIZE + 5, null), SIZE)) {
            assertThat(ahead.next().length()).isEqualTo(SIZE);
            assertThat(ahead.next().length()).isEqualTo(SIZE);
            assertThatThrownBy(ahead::next).isInstanceOf(IOException.class).hasMessage("the disk is gone");
        }
        assertThatThrownBy(() -> new ReadAhead(failing(5, null), SIZE)).isInstanceOf(IOException.class);
    }

    @Test
    void anUncheckedFailureIsOneOfTheStream() throws IOException {
        IllegalStateException cause = new IllegalStateException("closed");
        try (ReadAhead ahead = new ReadAhead(failing(SIZE + 5, cause), SIZE)) {
            ahead.next();
            assertThatThrownBy(ahead::next)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed")
                    .hasCause(cause);
        }
    }

    @Test
    void behindCloseNobodyReadsAndNothingIsLeft() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                reads.incrementAndGet();
                return 7;
            }
        };
        ReadAhead ahead = new ReadAhead(endless, SIZE);
        byte[] seen = ahead.next().bytes();
        assertThat(seen).containsOnly(7);
        ahead.close();
        int before = reads.get();
        assertThat(before).isLessThanOrEqualTo(3 * (SIZE + 1));
        assertThat(seen).containsOnly(0);
        Thread.onSpinWait();
        assertThat(reads.get()).isEqualTo(before);
    }

    @Test
    void whoeverWaitsForAPortionCanBeInterrupted() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        InputStream slow = new InputStream() {
            private int given;

            @Override
            public int read() throws IOException {
                if (given++ <= SIZE) {
                    return 1;
                }
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException("stopped");
                }
                return -1;
            }
        };
        try (ReadAhead ahead = new ReadAhead(slow, SIZE)) {
            ahead.next();
            blocked.await();
            Thread.currentThread().interrupt();
            assertThatThrownBy(ahead::next).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
