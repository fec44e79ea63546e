package io.bitdelta.engine.privacy;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Sha256;
import io.bitdelta.engine.privacy.LedgerRecord.Kind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One user's privacy budget: a file of lines, each carrying the hash of the line before. A run is charged in full, and the
 * charge is on the disk, before the run begins; when it ends, what it did not spend comes back. A run that dies stays
 * charged, because what it had learnt by then may have been seen. Runs add up by basic composition (epsilons and deltas are
 * summed), which is an upper bound whatever the runs were.
 *
 * <p>A line that a crash cut off has no line end: it never took effect and is removed at the next opening. Whoever holds an
 * open ledger has the file locked.
 */
public final class BudgetLedger implements AutoCloseable {
    private static final int MAX_BYTES = 64 << 20;

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;
    private final Map<String, LedgerRecord> runs = new LinkedHashMap<>();
    private Amount cap = Amount.NOTHING;
    private Hash32 last = Hash32.ZERO;
    private int lines;

    /**
     * An amount of privacy loss.
     *
     * @param epsilonMilli thousandths of epsilon, rounded up
     * @param deltaE18 delta times 1e18, rounded up
     */
    public record Amount(long epsilonMilli, long deltaE18) {
        /** No loss. */
        public static final Amount NOTHING = new Amount(0, 0);

        private static final long LIMIT = 1L << 52;

        /** Checks that neither is negative nor beyond what a ledger counts. */
        public Amount {
            if (epsilonMilli < 0 || deltaE18 < 0 || epsilonMilli >= LIMIT || deltaE18 >= LIMIT) {
                throw new PrivacyParameterException("no amount of privacy: %d thousandths of epsilon, %d e-18 of delta"
                        .formatted(epsilonMilli, deltaE18));
            }
        }

        /** An amount from numbers, both rounded up. */
        public static Amount of(double epsilon, double delta) {
            if (!(epsilon > 0 && epsilon < 1e9 && delta >= 0 && delta <= 1e-3)) {
                throw new PrivacyParameterException(
                        "a budget is an epsilon above 0 and a delta of at most 0.001, not %s and %s"
                                .formatted(epsilon, delta));
            }
            return new Amount(
                    PrivacyStatement.milli(epsilon),
                    BigDecimal.valueOf(delta)
                            .movePointRight(18)
                            .setScale(0, java.math.RoundingMode.CEILING)
                            .longValueExact());
        }

        /** Both sums. */
        public Amount plus(Amount other) {
            return new Amount(epsilonMilli + other.epsilonMilli, deltaE18 + other.deltaE18);
        }

        /** Whether neither part is above the other's. */
        public boolean within(Amount other) {
            return epsilonMilli <= other.epsilonMilli && deltaE18 <= other.deltaE18;
        }

        private Amount less(Amount other) {
            return new Amount(Math.max(0, epsilonMilli - other.epsilonMilli), Math.max(0, deltaE18 - other.deltaE18));
        }

        /** Epsilon as a decimal. */
        public String epsilon() {
            return BigDecimal.valueOf(epsilonMilli, 3).stripTrailingZeros().toPlainString();
        }

        /** Delta as a decimal. */
        public String delta() {
            return String.valueOf(BigDecimal.valueOf(deltaE18, 18).stripTrailingZeros());
        }
    }

    private BudgetLedger(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Opens a ledger that exists.
     *
     * @throws DamagedLedgerException if its chain does not hold
     * @throws IOException if it cannot be read or written, or another process has it open
     */
    public static BudgetLedger open(Path path) throws IOException {
        return open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /**
     * Creates a ledger.
     *
     * @param cap all that its runs may ever spend together
     * @throws java.nio.file.FileAlreadyExistsException if there is one
     */
    public static BudgetLedger create(Path path, Amount cap) throws IOException {
        BudgetLedger ledger =
                open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        try {
            ledger.append(new LedgerRecord(Kind.CAP, "", cap, ledger.last));
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null) {
                try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
                    entry.force(true);
                }
            }
            return ledger;
        } catch (IOException | RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    private static BudgetLedger open(Path path, StandardOpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(path, options);
        try {
            FileLock lock = lock(path, channel);
            BudgetLedger ledger = new BudgetLedger(path, channel, lock);
            ledger.replay();
            return ledger;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileLock lock(Path path, FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            throw new IOException(path + " is in use by another run; wait for it to end", e);
        }
        throw new IOException(path + " is in use by another run; wait for it to end");
    }

    private void replay() throws IOException {
        if (channel.size() > MAX_BYTES) {
            throw new DamagedLedgerException(path, 0, channel.size() + " bytes are no ledger");
        }
        byte[] bytes = new byte[(int) channel.size()];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {}
        int start = 0;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] == '\n') {
                replay(Arrays.copyOfRange(bytes, start, end));
                start = end + 1;
            }
        }
        if (start < bytes.length) {
            channel.truncate(start);
            channel.force(true);
        }
        if (lines == 0 && bytes.length > 0) {
            throw new DamagedLedgerException(path, 1, "the first record is missing");
        }
    }

    private void replay(byte[] line) {
        int number = lines + 1;
        LedgerRecord read = LedgerRecord.parse(new String(line, StandardCharsets.UTF_8))
                .orElseThrow(() -> new DamagedLedgerException(path, number, "it is not a record"));
        if (!read.previous().equals(last)) {
            throw new DamagedLedgerException(
                    path, number, "it follows " + read.previous() + ", the line before is " + last);
        }
        String refusal = refusal(read);
        if (!refusal.isEmpty()) {
            throw new DamagedLedgerException(path, number, refusal);
        }
        take(read, line);
    }

    /** Why a record may not follow those before; empty if it may. */
    private String refusal(LedgerRecord read) {
        LedgerRecord before = runs.get(read.run());
        return switch (read.kind()) {
            case CAP ->
                !read.run().isEmpty()
                        ? "a cap is about no run"
                        : lines > 0 && !read.amount().within(cap) ? "it raises the cap" : "";
            case RESERVE ->
                read.run().isEmpty() || before != null
                        ? "run \"" + read.run() + "\" is charged already"
                        : !spent().plus(read.amount()).within(cap) ? "it overspends the cap" : "";
            case SETTLE ->
                before == null || before.kind() != Kind.RESERVE
                        ? "run \"" + read.run() + "\" has no open charge"
                        : !read.amount().within(before.amount()) ? "it is more than was charged" : "";
        };
    }

    private void take(LedgerRecord read, byte[] line) {
        if (read.kind() == Kind.CAP) {
            cap = read.amount();
        } else {
            runs.put(read.run(), read);
        }
        last = Sha256.of(MemorySegment.ofArray(line));
        lines++;
    }

    private void append(LedgerRecord next) throws IOException {
        byte[] line = next.line().getBytes(StandardCharsets.UTF_8);
        byte[] ended = Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        ByteBuffer buffer = ByteBuffer.wrap(ended);
        long at = channel.size();
        while (buffer.hasRemaining()) {
            channel.write(buffer, at + buffer.position());
        }
        channel.force(true);
        take(next, line);
    }

    /** What all runs together may spend. */
    public Amount cap() {
        return cap;
    }

    /** What is charged: open runs in full, ended ones with what they spent. */
    public Amount spent() {
        return runs.values().stream().map(LedgerRecord::amount).reduce(Amount.NOTHING, Amount::plus);
    }

    /** What may still be charged. */
    public Amount left() {
        return cap.less(spent());
    }

    /** The number of runs that were ever charged. */
    public int runs() {
        return runs.size();
    }

    /** Whether a run was charged and has not ended: it died, or is going on. */
    public boolean isOpen(String run) {
        LedgerRecord found = runs.get(run);
        return found != null && found.kind() == Kind.RESERVE;
    }

    /**
     * Charges a run before it starts; on the disk when this returns.
     *
     * @param run a name that no other run has
     * @throws BudgetExceededException if the rest of the budget does not cover it; nothing is charged then
     */
    public void reserve(String run, Amount amount) throws IOException {
        if (!spent().plus(amount).within(cap)) {
            throw new BudgetExceededException(path, amount, left());
        }
        change(new LedgerRecord(Kind.RESERVE, run, amount, last));
    }

    /** Ends a run: what it did not spend may be charged again. */
    public void settle(String run, Amount spent) throws IOException {
        change(new LedgerRecord(Kind.SETTLE, run, spent, last));
    }

    /** Lowers the cap; it never rises. */
    public void lowerCap(Amount lower) throws IOException {
        change(new LedgerRecord(Kind.CAP, "", lower, last));
    }

    private void change(LedgerRecord next) throws IOException {
        String refusal = refusal(next);
        if (!refusal.isEmpty()) {
            throw new PrivacyParameterException(path + ": " + refusal);
        }
        append(next);
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            lock.release();
        }
    }
}
