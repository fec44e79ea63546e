package io.bitdelta.attestation.fuzz;

/** What a parser may do with hostile bytes: read them, or refuse them with an exception of its own. */
public final class Refusals {
    private Refusals() {}

    /** One parser at work. */
    @FunctionalInterface
    public interface Attempt {
        /** Parses. */
        void run() throws Exception;
    }

    /**
     * Runs a parser.
     *
     * @return whether it read the bytes
     * @throws AssertionError when it ends with anything but one of these exceptions
     */
    public static boolean reads(Attempt attempt, Class<?>... refusals) {
        try {
            attempt.run();
            return true;
        } catch (Exception e) {
            for (Class<?> type : refusals) {
                if (type.isInstance(e)) {
                    return false;
                }
            }
            throw new AssertionError("refused with " + e, e);
        }
    }

    /** States what must hold of bytes that were read. */
    public static void require(boolean holds, String property) {
        if (!holds) {
            throw new AssertionError(property);
        }
    }
}
