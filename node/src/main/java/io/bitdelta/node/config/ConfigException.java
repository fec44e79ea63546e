package io.bitdelta.node.config;

/** The configuration is not usable; the message names the file and the key. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message names the file and the key, and says what to do. */
    public ConfigException(String message) {
        super(message);
    }
}
