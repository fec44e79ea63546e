package io.bitdelta.attestation.evidence.snp;

import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.appraisal.CollateralRequest.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The addresses of AMD's key distribution service (57230) for a report: the chip's certificate, the authorities and the
 * revocation list. A provider's certificate (VLEK) is handed out by the provider alone.
 */
final class SnpRequests {
    private static final int FIRST_VERSION_WITH_FAMILY = 3;
    private static final Map<String, String> PARAMETERS =
            Map.of("fmc", "fmcSPL", "bootloader", "blSPL", "tee", "teeSPL", "snp", "snpSPL", "microcode", "ucodeSPL");

    private SnpRequests() {}

    static List<CollateralRequest> of(SnpReport report) {
        List<CollateralRequest> out = new ArrayList<>();
        for (SnpProduct product : products(report)) {
            boolean vlek = report.signingKey() == 1;
            String base = (vlek ? "vlek" : "vcek") + "/v1/" + name(product) + "/";
            if (!vlek) {
                out.add(CollateralRequest.of(base + certificate(report, product), Kind.CERTIFICATES));
            }
            out.add(CollateralRequest.of(base + "cert_chain", Kind.CERTIFICATES));
            out.add(CollateralRequest.of(base + "crl", Kind.REVOCATION_LIST));
        }
        return out;
    }

    /** Reports say their processor's family and model from version 3 on; before, only Milan and Genoa existed. */
    private static List<SnpProduct> products(SnpReport report) {
        if (report.version() < FIRST_VERSION_WITH_FAMILY) {
            return List.of(SnpProduct.MILAN, SnpProduct.GENOA);
        }
        int family = report.cpuFamily();
        int model = report.cpuModel();
        if (family == 0x19 && model <= 0x0f) {
            return List.of(SnpProduct.MILAN);
        }
        if (family == 0x19 && ((model >= 0x10 && model <= 0x1f) || (model >= 0xa0 && model <= 0xaf))) {
            return List.of(SnpProduct.GENOA);
        }
        return family == 0x1a && model <= 0x11 ? List.of(SnpProduct.TURIN) : List.of();
    }

    private static String name(SnpProduct product) {
        return switch (product) {
            case MILAN -> "Milan";
            case GENOA -> "Genoa";
            case TURIN -> "Turin";
        };
    }

    private static String certificate(SnpReport report, SnpProduct product) {
        byte[] hwid = Arrays.copyOf(report.chipId(), product.hwidLength());
        List<String> versions = new ArrayList<>();
        for (SnpProduct.Component component : product.components()) {
            versions.add(PARAMETERS.get(component.name()) + "=" + component.version(report.reportedTcb()));
        }
        return HexFormat.of().formatHex(hwid) + "?" + String.join("&", versions);
    }
}
