package io.bitdelta.attestation.evidence.nvidia;

import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.appraisal.CollateralRequest.Kind;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.Chain;
import io.bitdelta.attestation.pki.Ocsp;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * What NVIDIA's services are asked for a report: the manifests of its driver and VBIOS by name ({@code GET v1/rim/ID}), and
 * whether certificates are revoked, each but the chip's own and the roots (OCSP).
 */
final class NvidiaRequests {
    private static final Pattern GPU = Pattern.compile("(G[HB][0-9]{3}) .*");
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

    private NvidiaRequests() {}

    /** The common name of a device's certificate; empty when it has none. */
    static String commonName(Cert leaf) {
        RDN[] names = leaf.subject().getRDNs(BCStyle.CN);
        return names.length == 0 ? "" : names[0].getFirst().getValue().toString();
    }

    /** The chip that a device's certificate names, e.g. {@code GH100}; empty for what is no GPU. */
    static Optional<String> product(Cert leaf) {
        Matcher matcher = GPU.matcher(commonName(leaf));
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** The manifests of a report, as far as it says its versions in characters that names of manifests have. */
    static List<CollateralRequest> manifests(SpdmReport report, String product) {
        String driver = "NV_GPU_DRIVER_" + product + "_" + report.driverVersion();
        String vbios = "NV_GPU_VBIOS_" + report.board() + "_"
                + report.vbiosVersion().replace(".", "").toUpperCase(Locale.ROOT);
        List<CollateralRequest> out = new ArrayList<>();
        for (String name : List.of(driver, vbios)) {
            if (name.matches(NAME) && !name.contains("..")) {
                out.add(CollateralRequest.of("v1/rim/" + name, Kind.MANIFEST));
            }
        }
        return out;
    }

    /**
     * Questions about certificates, none twice.
     *
     * @param leaf the chip's certificate
     * @param pool where its issuers are looked for
     * @param rims manifests, which bring their own issuers
     */
    static List<CollateralRequest> revocation(Optional<Cert> leaf, List<Cert> pool, List<Rim> rims) {
        List<CollateralRequest> out = new ArrayList<>();
        // The leaf is issued by the chip's own boot code, for which no responder exists.
        leaf.ifPresent(chip -> add(Chain.from(chip, pool), 1, out));
        rims.forEach(rim -> rim.chain().ifPresent(chain -> add(chain, 0, out)));
        return out.stream().distinct().toList();
    }

    private static void add(Chain chain, int first, List<CollateralRequest> out) {
        List<Cert> path = chain.path();
        for (int i = first; i + 1 < path.size(); i++) {
            byte[] question = Ocsp.request(path.get(i + 1), path.get(i));
            out.add(CollateralRequest.of(
                    Base64.getUrlEncoder().withoutPadding().encodeToString(question), Kind.REVOCATION_STATUS));
        }
    }
}
