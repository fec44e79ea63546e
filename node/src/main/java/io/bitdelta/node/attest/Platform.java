package io.bitdelta.node.attest;

import io.bitdelta.attestation.attester.Attester;
import io.bitdelta.attestation.attester.CommandAttester;
import io.bitdelta.attestation.attester.TsmAttester;
import io.bitdelta.attestation.evidence.nitro.NsmAttester;
import io.bitdelta.node.config.EvidenceConfig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The interfaces by which a platform gives evidence. */
public final class Platform {
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);

    private Platform() {}

    /**
     * The attester of an interface.
     *
     * @param source its folder, device or command (words separated by blanks, no shell); empty for the usual place
     * @throws IllegalArgumentException when a command has no {@code {reportData}}, or for software evidence, which no
     *     platform gives
     */
    public static Attester attester(EvidenceConfig.From from, String source, SecureRandom random) {
        return switch (from) {
            case TSM -> new TsmAttester(place(source, TsmAttester.DEFAULT_FOLDER), random);
            case NITRO -> new NsmAttester(place(source, NsmAttester.DEFAULT_DEVICE), Optional.empty());
            case COMMAND -> new CommandAttester(List.of(source.split("\\s+")), COMMAND_LIMIT);
            case SOFTWARE -> throw new IllegalArgumentException("software evidence is not a platform's");
        };
    }

    private static Path place(String source, Path usual) {
        return source.isEmpty() ? usual : Path.of(source);
    }
}
