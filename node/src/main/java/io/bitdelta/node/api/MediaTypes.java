package io.bitdelta.node.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Content negotiation (RFC 9110, section 12.5.1). */
final class MediaTypes {
    private MediaTypes() {}

    /** The type without parameters, lowercase. */
    static String essence(String header) {
        int semicolon = header.indexOf(';');
        return (semicolon < 0 ? header : header.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The best of what is offered.
     *
     * @param accept the header; null takes anything
     * @param offered in order of the server's preference
     * @return empty when nothing offered is acceptable
     */
    static Optional<String> choose(@Nullable String accept, List<String> offered) {
        if (offered.isEmpty()) {
            return Optional.of("");
        }
        if (accept == null || accept.isBlank() || accept.equals("*/*")) {
            return Optional.of(offered.getFirst());
        }
        String best = null;
        double bestQuality = 0;
        for (String type : offered) {
            double quality = quality(accept, type);
            if (quality > bestQuality) {
                best = type;
                bestQuality = quality;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The weight of the most specific range that takes the type; 0 when none does. */
    private static double quality(String accept, String offered) {
        String type = essence(offered);
        String family = type.substring(0, type.indexOf('/') + 1) + "*";
        int specific = -1;
        double quality = 0;
        for (String range : accept.split(",", -1)) {
            String name = essence(range);
            int rank = name.equals(type) ? 2 : name.equals(family) ? 1 : name.equals("*/*") ? 0 : -1;
            if (rank > specific) {
                specific = rank;
                quality = weight(range);
            }
        }
        return quality;
    }

    private static double weight(String range) {
        for (String parameter : range.split(";", -1)) {
            String text = parameter.strip().toLowerCase(Locale.ROOT);
            if (text.startsWith("q=")) {
                try {
                    return Math.clamp(Double.parseDouble(text.substring(2)), 0.0, 1.0);
                } catch (NumberFormatException noNumber) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
