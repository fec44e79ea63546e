package io.bitdelta.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Publishing for others: what they may send, and what the node pays for them.
 *
 * @param gateways addresses from which deltas are fetched by CID; nothing is fetched from anywhere else
 * @param fileMiB most of one file
 * @param quotaMiB most of one principal's files together
 * @param perDay most sponsored transactions of one principal in a day
 * @param gweiPerHour most gas money in an hour
 * @param gweiPerDay most gas money in a day
 * @param gate share of the base's score that an evaluated delta must keep in every suite, 0 to 1
 * @param evaluationRequired whether a delta without a signed evaluation is refused
 */
public record PublishConfig(
        List<URI> gateways,
        int fileMiB,
        int quotaMiB,
        int perDay,
        long gweiPerHour,
        long gweiPerDay,
        BigDecimal gate,
        boolean evaluationRequired) {
    /** Checks ranges. */
    public PublishConfig {
        gateways = List.copyOf(gateways);
        require("publish.fileMiB", fileMiB, 1);
        require("publish.quotaMiB", quotaMiB, fileMiB);
        require("publish.perDay", perDay, 0);
        require("publish.gweiPerHour", gweiPerHour, 0);
        require("publish.gweiPerDay", gweiPerDay, 0);
        if (gate.signum() < 0 || gate.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("publish.gate: %s, must be 0 to 1".formatted(gate));
        }
    }

    @JsonCreator
    static PublishConfig of(
            @JsonProperty("gateways") @Nullable String gateways,
            @JsonProperty("fileMiB") @Nullable Integer fileMiB,
            @JsonProperty("quotaMiB") @Nullable Integer quotaMiB,
            @JsonProperty("perDay") @Nullable Integer perDay,
            @JsonProperty("gweiPerHour") @Nullable Long gweiPerHour,
            @JsonProperty("gweiPerDay") @Nullable Long gweiPerDay,
            @JsonProperty("gate") @Nullable BigDecimal gate,
            @JsonProperty("evaluationRequired") @Nullable Boolean evaluationRequired) {
        return new PublishConfig(
                words(gateways)
                        .map(address -> WebAddress.of("publish.gateways", address))
                        .toList(),
                fileMiB == null ? 1024 : fileMiB,
                quotaMiB == null ? 8192 : quotaMiB,
                perDay == null ? 50 : perDay,
                gweiPerHour == null ? 50_000_000L : gweiPerHour,
                gweiPerDay == null ? 500_000_000L : gweiPerDay,
                gate == null ? new BigDecimal("0.95") : gate,
                evaluationRequired != null && evaluationRequired);
    }

    static PublishConfig defaults() {
        return of(null, null, null, null, null, null, null, null);
    }

    private static Stream<String> words(@Nullable String list) {
        return list == null
                ? Stream.empty()
                : Arrays.stream(list.split(",", -1)).map(String::strip).filter(word -> !word.isEmpty());
    }

    private static void require(String key, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException("%s: %d, must be at least %d".formatted(key, value, least));
        }
    }
}
