package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.json.JsonException;
import java.util.Arrays;

/** Intel's TCB statuses. */
enum TcbStatus {
    UP_TO_DATE("UpToDate"),
    SW_HARDENING_NEEDED("SWHardeningNeeded"),
    CONFIGURATION_NEEDED("ConfigurationNeeded"),
    CONFIGURATION_AND_SW_HARDENING_NEEDED("ConfigurationAndSWHardeningNeeded"),
    TD_RELAUNCH_ADVISED("TDRelaunchAdvised"),
    TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED("TDRelaunchAdvisedConfigurationNeeded"),
    OUT_OF_DATE("OutOfDate"),
    OUT_OF_DATE_CONFIGURATION_NEEDED("OutOfDateConfigurationNeeded"),
    REVOKED("Revoked");

    private final String word;

    TcbStatus(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    boolean outOfDate() {
        return this == OUT_OF_DATE || this == OUT_OF_DATE_CONFIGURATION_NEEDED;
    }

    private boolean configuration() {
        return this == CONFIGURATION_NEEDED
                || this == CONFIGURATION_AND_SW_HARDENING_NEEDED
                || this == OUT_OF_DATE_CONFIGURATION_NEEDED;
    }

    static TcbStatus of(String word) {
        return Arrays.stream(values())
                .filter(status -> status.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new JsonException("unknown tcbStatus \"" + word + "\""));
    }

    /** The status of a platform one of whose parts (module, quoting enclave) has another one: the worse, joined. */
    TcbStatus mergedWith(TcbStatus part) {
        if (this == REVOKED || part == REVOKED) {
            return REVOKED;
        }
        if (outOfDate() || part.outOfDate()) {
            return configuration() || part.configuration() ? OUT_OF_DATE_CONFIGURATION_NEEDED : OUT_OF_DATE;
        }
        boolean configuration = configuration() || part.configuration();
        boolean hardening = this == SW_HARDENING_NEEDED
                || part == SW_HARDENING_NEEDED
                || this == CONFIGURATION_AND_SW_HARDENING_NEEDED
                || part == CONFIGURATION_AND_SW_HARDENING_NEEDED;
        if (configuration) {
            return hardening ? CONFIGURATION_AND_SW_HARDENING_NEEDED : CONFIGURATION_NEEDED;
        }
        return hardening ? SW_HARDENING_NEEDED : UP_TO_DATE;
    }
}
