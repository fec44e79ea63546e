package io.bitdelta.node.cli.key;

import io.bitdelta.node.cli.CommandException;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Mixin: a password from a file, the environment or a prompt; never from the command line, which others can read. */
public final class Password {
    private static final String VARIABLE = "BITDELTA_PASSWORD";
    private static final int MAX_BYTES = 4096;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description =
                    "File whose first line is the password. Otherwise the variable BITDELTA_PASSWORD, or a prompt.")
    private @Nullable Path file;

    /** Called by picocli. */
    public Password() {}

    /** The password of an existing key. */
    public char[] read(String what) throws IOException {
        char @Nullable [] given = given();
        return given != null ? given : prompt("Password of " + what + ": ");
    }

    /** The password of a new key, asked for twice at a prompt. */
    public char[] choose() throws IOException {
        char @Nullable [] given = given();
        if (given != null) {
            return given;
        }
        char[] first = prompt("New password: ");
        char[] second = prompt("Once more: ");
        if (!Arrays.equals(first, second)) {
            throw CommandException.usage("the two passwords differ");
        }
        return first;
    }

    private char @Nullable [] given() throws IOException {
        if (file != null) {
            if (Files.size(file) > MAX_BYTES) {
                throw CommandException.usage(file + " is longer than " + MAX_BYTES + " bytes: not a password file");
            }
            return notEmpty(
                    Files.readString(file).lines().findFirst().orElse("").toCharArray());
        }
        String value = System.getenv(VARIABLE);
        return value == null ? null : notEmpty(value.toCharArray());
    }

    private static char[] prompt(String question) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw CommandException.usage("no password: give --password-file or set " + VARIABLE);
        }
        char[] answer = console.readPassword("%s", question);
        return notEmpty(answer == null ? new char[0] : answer);
    }

    private static char[] notEmpty(char[] password) {
        if (password.length == 0) {
            throw CommandException.usage("the password is empty");
        }
        return password;
    }
}
