package io.bitdelta.node.cli;

/** The exit codes that every command keeps to. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** The command could not be carried out (a service was unreachable, a disk was full). */
    public static final int FAILURE = 1;
    /** Wrong usage, or input that cannot be read. */
    public static final int USAGE = 2;
    /** The thing was checked, and it does not hold. */
    public static final int DOES_NOT_HOLD = 3;

    private ExitCode() {}
}
