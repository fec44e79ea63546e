package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.json.JsonValue;
import java.util.Arrays;
import java.util.HexFormat;

/** The checks of what runs: attributes and measurements of the enclave or trust domain. */
final class QuotePolicy {
    private static final int SGX_ATTRIBUTES = 48;
    private static final int TD_ATTRIBUTES = 120;
    private static final int MR_SERVICE_TD = 600;

    private QuotePolicy() {}

    static void check(DcapQuote quote, AppraisalPolicy policy, Appraisal appraisal) {
        appraisal.claim("reportData", HexFormat.of().formatHex(quote.reportData()));
        if (quote.tdx()) {
            tdx(quote, policy, appraisal);
        } else {
            sgx(quote, policy, appraisal);
        }
    }

    private static void sgx(DcapQuote quote, AppraisalPolicy policy, Appraisal appraisal) {
        debug((quote.body(SGX_ATTRIBUTES) & 2) != 0, "ATTRIBUTES.DEBUG is set", policy, appraisal);
        policy.checkMeasurement("mrenclave", quote.body(64, 32), appraisal);
        policy.checkMeasurement("mrsigner", quote.body(128, 32), appraisal);
        policy.checkMeasurement("isvprodid", quote.body(256, 2), appraisal);
        policy.checkMeasurement("configid", quote.body(192, 64), appraisal);
        appraisal.claim("isvsvn", JsonValue.whole(quote.body(258) | (quote.body(259) << 8)));
    }

    private static void tdx(DcapQuote quote, AppraisalPolicy policy, Appraisal appraisal) {
        // The whole first byte is the TUD group: any bit of it makes the domain debuggable.
        debug(quote.body(TD_ATTRIBUTES) != 0, "TD ATTRIBUTES.TUD is not zero (debug)", policy, appraisal);
        appraisal.require(
                !policy.requireSeptVeDisable() || (quote.body(TD_ATTRIBUTES + 3) & 0x10) != 0,
                Reason.SEPT_VE_DISABLE,
                "TD ATTRIBUTES.SEPT_VE_DISABLE is 0");
        policy.checkMeasurement("mrseam", quote.body(16, 48), appraisal);
        policy.checkMeasurement("tdattributes", quote.body(TD_ATTRIBUTES, 8), appraisal);
        policy.checkMeasurement("xfam", quote.body(128, 8), appraisal);
        policy.checkMeasurement("mrtd", quote.body(136, 48), appraisal);
        policy.checkMeasurement("mrconfigid", quote.body(184, 48), appraisal);
        policy.checkMeasurement("mrowner", quote.body(232, 48), appraisal);
        policy.checkMeasurement("mrownerconfig", quote.body(280, 48), appraisal);
        for (int i = 0; i < 4; i++) {
            policy.checkMeasurement("rtmr" + i, quote.body(328 + 48 * i, 48), appraisal);
        }
        quote.teeTcbSvn2().ifPresent(svn -> {
            byte[] service = quote.body(MR_SERVICE_TD, 48);
            appraisal.claim("mrservicetd", HexFormat.of().formatHex(service));
            appraisal.require(
                    policy.allowServiceTd() || Arrays.equals(service, new byte[48]),
                    Reason.SERVICE_TD,
                    "MRSERVICETD is not zero: a service trust domain is bound");
        });
    }

    private static void debug(boolean on, String detail, AppraisalPolicy policy, Appraisal appraisal) {
        appraisal.claim("debug", on ? "enabled" : "disabled");
        appraisal.require(!on || policy.allowDebug(), Reason.DEBUG, detail);
    }
}
