package io.bitdelta.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the node does about soups.
 *
 * @param audit about other people's
 */
public record SoupConfig(Audit audit) {
    /** What a node does about other people's soups. */
    public enum Audit {
        /** Nothing. */
        OFF,
        /** Recounts them and says what is wrong. */
        WATCH,
        /** Also slashes and challenges, with bonds of the node's account. */
        CHALLENGE;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @JsonCreator
    static SoupConfig of(@JsonProperty("audit") @Nullable String audit) {
        if (audit == null || audit.isBlank() || audit.strip().equals("false")) {
            // YAML 1.1 reads a bare "off" as false.
            return new SoupConfig(Audit.OFF);
        }
        return new SoupConfig(Arrays.stream(Audit.values())
                .filter(mode -> mode.word().equals(audit.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("soup.audit: \"%s\" is none of %s"
                        .formatted(
                                audit,
                                Arrays.stream(Audit.values()).map(Audit::word).collect(Collectors.joining(", "))))));
    }
}
