package io.bitdelta.ipfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a secret is to be read: {@code env:NAME} or {@code file:/path}. A configuration holds this, never the secret, and
 * only what this record holds is ever printed.
 *
 * @param source the kind of place
 * @param where the variable's name or the file's path
 */
public record Secret(Source source, String where) {
    private static final long MAX_BYTES = 64 * 1024;

    /** Kinds of places. */
    public enum Source {
        /** A variable of the environment. */
        ENV,
        /** A file; line ends at its end do not count. */
        FILE
    }

    /** The place has a name. */
    public Secret {
        Objects.requireNonNull(source);
        if (where.isBlank()) {
            throw new IllegalArgumentException("a secret needs the name of a variable or a file");
        }
    }

    /**
     * Reads {@code env:NAME} or {@code file:/path}.
     *
     * @throws IllegalArgumentException if the text is neither; the text is not repeated, because it may be the secret
     */
    public static Secret parse(String text) {
        if (text.startsWith("env:")) {
            return new Secret(Source.ENV, text.substring(4));
        }
        if (text.startsWith("file:")) {
            return new Secret(Source.FILE, text.substring(5));
        }
        throw new IllegalArgumentException(
                "a secret is configured as env:NAME or file:/path, never by its own value, so that it is in no log");
    }

    /**
     * Reads the secret from this process's environment or a file.
     *
     * @throws SecretUnreadableException if it is not there or empty
     */
    public String read() throws IOException {
        return read(System::getenv);
    }

    /** As {@link #read()}, with another environment. */
    String read(UnaryOperator<@Nullable String> environment) throws IOException {
        String value = source == Source.ENV ? environment.apply(where) : fromFile();
        if (value == null || value.isEmpty()) {
            throw new SecretUnreadableException(this, source == Source.ENV ? "is not set" : "is empty");
        }
        return value;
    }

    private String fromFile() throws IOException {
        Path file = Path.of(where);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new SecretUnreadableException(this, "has more than " + MAX_BYTES + " bytes");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).stripTrailing();
        } catch (java.nio.file.FileSystemException e) {
            throw new SecretUnreadableException(
                    this, "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    @Override
    public String toString() {
        return (source == Source.ENV ? "env:" : "file:") + where;
    }
}
