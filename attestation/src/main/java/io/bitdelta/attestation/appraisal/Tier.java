package io.bitdelta.attestation.appraisal;

import java.util.Locale;

/** The trust tiers of an attestation result, with the codes of the EAT attestation result draft. */
public enum Tier {
    /** The verifier makes no assertion: collateral was missing, so nothing could be concluded. */
    NONE(0),
    /** Everything the policy asks for holds. */
    AFFIRMING(2),
    /** Holds for development only; a gate for value must refuse it. */
    WARNING(32),
    /** At least one check says no. */
    CONTRAINDICATED(96);

    private final int code;

    Tier(int code) {
        this.code = code;
    }

    /** The numeric code. */
    public int code() {
        return code;
    }

    /** The lowercase word, e.g. {@code affirming}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
