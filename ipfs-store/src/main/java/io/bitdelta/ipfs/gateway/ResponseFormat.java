package io.bitdelta.ipfs.gateway;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a client asks for; {@code ?format=} wins over {@code Accept}. */
enum ResponseFormat {
    RAW("application/vnd.ipld.raw"),
    CAR("application/vnd.ipld.car");

    private final String mediaType;

    ResponseFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    /**
     * Chooses the format.
     *
     * @throws Refusal 406 if neither names one that a trustless gateway serves
     */
    static ResponseFormat choose(@Nullable String format, @Nullable String accept) throws Refusal {
        if (format != null) {
            return switch (format) {
                case "raw" -> RAW;
                case "car" -> CAR;
                default -> throw new Refusal(406, "format '" + format + "' is not served; raw and car are");
            };
        }
        for (String each : (accept == null ? "" : accept).split(",", -1)) {
            String type = each.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            for (ResponseFormat candidate : values()) {
                if (candidate.mediaType.equals(type)) {
                    return candidate;
                }
            }
        }
        throw new Refusal(
                406, "ask for ?format=raw or ?format=car (Accept: " + RAW.mediaType + " or " + CAR.mediaType + ")");
    }
}
