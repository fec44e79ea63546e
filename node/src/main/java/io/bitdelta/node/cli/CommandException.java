package io.bitdelta.node.cli;

/** Ends a command with one line for the user and an exit code. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Wrong usage or unreadable input: exit code 2. The message says what, where and what to do. */
    public static CommandException usage(String message) {
        return new CommandException(ExitCode.USAGE, message);
    }

    /** A check that does not hold: exit code 3. The message names the check and the thing. */
    public static CommandException doesNotHold(String message) {
        return new CommandException(ExitCode.DOES_NOT_HOLD, message);
    }

    /** The command could not be carried out: exit code 1. */
    public static CommandException failure(String message) {
        return new CommandException(ExitCode.FAILURE, message);
    }

    /** One of {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }
}
