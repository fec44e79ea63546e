package io.bitdelta.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Evidence of the node about itself.
 *
 * @param from what issues it
 * @param source folder, device or command of the issuer; empty for its usual place
 * @param collateral a service with what verifiers need beside the evidence
 * @param ocsp a responder for certificates that are checked one by one
 * @param policy file of the policy that the evidence must meet; empty for the strict one
 * @param roots folder of trusted root certificates; empty for the vendors' own
 */
public record EvidenceConfig(
        From from, String source, Optional<URI> collateral, Optional<URI> ocsp, String policy, String roots) {
    /** What issues evidence. */
    public enum From {
        /** A key in the data folder: development evidence, which counts on test chains only. */
        SOFTWARE,
        /** The kernel's report interface (configfs-tsm) in a TDX or SEV-SNP guest. */
        TSM,
        /** The security module of a Nitro enclave. */
        NITRO,
        /** A program that prints evidence. */
        COMMAND;

        /** The word in configurations and options. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The issuer of a word.
         *
         * @throws IllegalArgumentException naming the words that there are
         */
        public static From of(String word) {
            return Arrays.stream(values())
                    .filter(from -> from.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("\"%s\" is none of %s"
                            .formatted(
                                    word,
                                    Arrays.stream(values()).map(From::word).collect(Collectors.joining(", ")))));
        }
    }

    /** Refuses settings that would be without effect. */
    public EvidenceConfig {
        if (from == From.COMMAND && source.isEmpty()) {
            throw new IllegalArgumentException(
                    "evidence.source: empty; \"command\" needs the program and its arguments");
        }
        if (from == From.SOFTWARE && !(source + policy + roots).isEmpty()) {
            throw new IllegalArgumentException(
                    "evidence.from: software; source, policy and roots are for evidence of hardware");
        }
    }

    @JsonCreator
    static EvidenceConfig of(
            @JsonProperty("from") @Nullable String from,
            @JsonProperty("source") @Nullable String source,
            @JsonProperty("collateral") @Nullable String collateral,
            @JsonProperty("ocsp") @Nullable String ocsp,
            @JsonProperty("policy") @Nullable String policy,
            @JsonProperty("roots") @Nullable String roots) {
        return new EvidenceConfig(
                from == null || from.isBlank() ? From.SOFTWARE : from(from.strip()),
                text(source),
                address("evidence.collateral", collateral),
                address("evidence.ocsp", ocsp),
                text(policy),
                text(roots));
    }

    static EvidenceConfig defaults() {
        return of(null, null, null, null, null, null);
    }

    private static From from(String word) {
        try {
            return From.of(word);
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException("evidence.from: " + unknown.getMessage(), unknown);
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip();
    }

    private static Optional<URI> address(String key, @Nullable String address) {
        String given = text(address);
        return given.isEmpty() ? Optional.empty() : Optional.of(WebAddress.of(key, given));
    }
}
