package io.bitdelta.engine.commit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over memory segments: the hash of everything that lives off chain. */
public final class Sha256 {
    private static final int STEP = 1 << 16;

    private final MessageDigest digest = newDigest();
    private final byte[] step = new byte[STEP];

    /** An empty message. */
    public Sha256() {}

    /** The hash of a whole segment. */
    public static Hash32 of(MemorySegment bytes) {
        return new Sha256().update(bytes).finish();
    }

    /** Appends bytes. */
    public Sha256 update(byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    /** Appends a segment of any size. */
    public Sha256 update(MemorySegment bytes) {
        long size = bytes.byteSize();
        // The JDK's intrinsic works on heap arrays; 64 KiB at a time keeps the copy inside the second-level cache.
        for (long at = 0; at < size; at += STEP) {
            int count = (int) Math.min(STEP, size - at);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, step, 0, count);
            digest.update(step, 0, count);
        }
        return this;
    }

    /** Ends the message. */
    public Hash32 finish() {
        return Hash32.of(digest.digest());
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
