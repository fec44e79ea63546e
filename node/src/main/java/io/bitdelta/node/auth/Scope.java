package io.bitdelta.node.auth;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a credential may be used for. */
public enum Scope {
    /** Publish and revoke deltas, read one's jobs. */
    PUBLISH,
    /** Let the node pay for the gas. */
    SPONSOR,
    /** Pay, claim, meter and settle. */
    ROYALTY,
    /** Propose soups and consent to them. */
    SOUP,
    /** Use somebody's delta in answers; lent by its owner. */
    SERVE,
    /** Everything about the node itself, and everybody's resources. */
    OPERATOR;

    /**
     * The scope of a word.
     *
     * @throws IllegalArgumentException for any other word
     */
    public static Scope of(String word) {
        return Arrays.stream(values())
                .filter(scope -> scope.toString().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"%s\" is no scope; there are %s"
                        .formatted(
                                word,
                                Arrays.stream(values()).map(Scope::toString).collect(Collectors.joining(", ")))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
