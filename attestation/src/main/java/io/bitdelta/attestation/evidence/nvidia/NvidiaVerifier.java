package io.bitdelta.attestation.evidence.nvidia;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.EvidenceVerifier;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.Technology;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.CertCache;
import io.bitdelta.attestation.pki.Chain;
import io.bitdelta.attestation.pki.ChainReasons;
import io.bitdelta.attestation.pki.Ocsp;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Verifies GPU reports against reference integrity manifests and OCSP answers among the endorsements. */
public final class NvidiaVerifier implements EvidenceVerifier {
    private static final int CHAIN = 5;
    private static final int NVDEC0 = 35;

    private final TrustAnchors anchors;
    private final CertCache seen = new CertCache();

    /** A verifier that trusts NVIDIA's device and manifest roots in {@code anchors}. */
    public NvidiaVerifier(TrustAnchors anchors) {
        this.anchors = anchors;
    }

    @Override
    public boolean recognises(byte[] evidence) {
        return GpuEvidence.looksLike(evidence);
    }

    @Override
    public byte[] significant(byte[] evidence) {
        try {
            return GpuEvidence.parse(evidence, seen).report().bytes();
        } catch (SpdmReport.SpdmException e) {
            return evidence.clone();
        }
    }

    @Override
    public List<CollateralRequest> collateral(byte[] evidence) {
        try {
            GpuEvidence gpu = GpuEvidence.parse(evidence, seen);
            return gpu.chain().stream()
                    .findFirst()
                    .flatMap(NvidiaRequests::product)
                    .map(product -> NvidiaRequests.manifests(gpu.report(), product))
                    .orElse(List.of());
        } catch (SpdmReport.SpdmException e) {
            return List.of();
        }
    }

    @Override
    public List<CollateralRequest> revocation(byte[] evidence, Endorsements had) {
        try {
            GpuEvidence gpu = GpuEvidence.parse(evidence, seen);
            RimLibrary library = had.view(RimLibrary.class, RimLibrary::of);
            List<Cert> pool = new ArrayList<>(gpu.chain());
            pool.addAll(library.certs());
            return NvidiaRequests.revocation(leaf(gpu, library), pool, library.rims());
        } catch (SpdmReport.SpdmException e) {
            return List.of();
        }
    }

    @Override
    public AppraisalResult appraise(
            byte[] evidence, Endorsements endorsements, AppraisalPolicy policy, Instant at, Expectation expectation) {
        Appraisal appraisal = new Appraisal(Technology.NVIDIA);
        RimLibrary library = endorsements.view(RimLibrary.class, RimLibrary::of);
        library.malformed().forEach(complaint -> appraisal.report(Reason.MALFORMED, "endorsements: " + complaint));
        GpuEvidence gpu;
        try {
            gpu = GpuEvidence.parse(evidence, seen);
        } catch (SpdmReport.SpdmException e) {
            appraisal.report(Reason.MALFORMED, String.valueOf(e.getMessage()));
            return appraisal.result();
        }
        SpdmReport report = gpu.report();
        appraisal.claim("driverVersion", report.driverVersion());
        appraisal.claim("vbiosVersion", report.vbiosVersion());
        appraisal.claim("nonce", HexFormat.of().formatHex(report.nonce()));
        expectation.checkNonce(report.nonce(), appraisal);
        List<Cert> pool = new ArrayList<>(gpu.chain());
        pool.addAll(library.certs());
        Optional<Cert> leaf = leaf(gpu, library);
        if (leaf.isEmpty()) {
            appraisal.report(Reason.COLLATERAL_MISSING, "no certificate chain of the device");
            return appraisal.result();
        }
        device(gpu, leaf.get(), pool, library, at, appraisal);
        chip(leaf.get(), gpu, appraisal)
                .ifPresent(product -> references(report, product, library, policy, at, appraisal));
        return appraisal.result();
    }

    /** The chip's certificate: the first that came with the report, or the one of a chip among the endorsements. */
    private static Optional<Cert> leaf(GpuEvidence gpu, RimLibrary library) {
        return gpu.chain().stream()
                .findFirst()
                .or(() ->
                        library.certs().stream().filter(DiceTcbInfo::presentIn).findFirst());
    }

    private void device(
            GpuEvidence gpu, Cert leaf, List<Cert> pool, RimLibrary library, Instant at, Appraisal appraisal) {
        SpdmReport report = gpu.report();
        appraisal.require(
                leaf.publicKey().p384(report.signed(), report.signature()),
                Reason.BAD_SIGNATURE,
                leaf.label() + " did not sign the report");
        Chain chain = Chain.from(leaf, pool);
        chain.check(anchors.of(TrustAnchors.Vendor.NVIDIA_DEVICE), at, ChainReasons.EVIDENCE, appraisal);
        List<Cert> path = chain.path();
        appraisal.require(
                path.size() == CHAIN,
                Reason.BAD_CERT_CHAIN,
                "the device's chain has " + path.size() + " certificates, not " + CHAIN);
        // The leaf is issued by the chip's own boot code, for which no responder exists.
        for (int i = 1; i + 1 < path.size(); i++) {
            Ocsp.check(library.ocsps(), path.get(i + 1), path.get(i), at, appraisal);
        }
        Optional<byte[]> reported = report.fwid();
        appraisal.claim("fwid", reported.map(HexFormat.of()::formatHex).orElse("not reported"));
        reported.ifPresent(fwid -> appraisal.require(
                Arrays.equals(fwid, DiceTcbInfo.fwid(leaf).orElse(new byte[0])),
                Reason.MEASUREMENT_MISMATCH,
                "the report's firmware id is not the one in " + leaf.label()));
    }

    /** The chip by the certificate's name; the label beside the report is not signed. */
    private static Optional<String> chip(Cert leaf, GpuEvidence gpu, Appraisal appraisal) {
        Optional<String> product = NvidiaRequests.product(leaf);
        product.ifPresentOrElse(
                name -> appraisal.claim("chip", name),
                () -> appraisal.report(
                        Reason.NOT_A_GPU,
                        "the device's certificate is of \"" + NvidiaRequests.commonName(leaf) + "\""
                                + gpu.label().map(l -> " (" + l + ")").orElse("")));
        return product;
    }

    private void references(
            SpdmReport report,
            String product,
            RimLibrary library,
            AppraisalPolicy policy,
            Instant at,
            Appraisal appraisal) {
        Map<Integer, List<String>> golden = new TreeMap<>();
        for (String[] wanted : new String[][] {{"driver", report.driverVersion()}, {"VBIOS", report.vbiosVersion()}}) {
            Optional<Rim> rim = library.find(product, wanted[1]);
            if (rim.isEmpty()) {
                appraisal.report(
                        Reason.RIM_MISSING, "no manifest for " + wanted[0] + " " + wanted[1] + " of " + product);
                continue;
            }
            rim.get().check(anchors.of(TrustAnchors.Vendor.NVIDIA_RIM), library.ocsps(), at, appraisal);
            for (Map.Entry<Integer, List<String>> entry : rim.get().active().entrySet()) {
                if (golden.put(entry.getKey(), entry.getValue()) != null) {
                    appraisal.report(Reason.MEASUREMENT_MISMATCH, "both manifests claim the index " + entry.getKey());
                }
            }
        }
        versions(report, policy, appraisal);
        compare(report, golden, appraisal);
    }

    private static void versions(SpdmReport report, AppraisalPolicy policy, Appraisal appraisal) {
        for (Map.Entry<String, String> version : Map.of(
                        "driverVersion", report.driverVersion(), "vbiosVersion", report.vbiosVersion())
                .entrySet()) {
            var accepted = policy.measurements().get(version.getKey());
            appraisal.require(
                    accepted == null || accepted.contains(version.getValue()),
                    Reason.MEASUREMENT_MISMATCH,
                    version.getKey() + " " + version.getValue() + " is none of the policy's");
        }
    }

    private static void compare(SpdmReport report, Map<Integer, List<String>> golden, Appraisal appraisal) {
        int matched = 0;
        for (Map.Entry<Integer, List<String>> entry : golden.entrySet()) {
            if (entry.getKey() == NVDEC0 && report.nvdec0Disabled()) {
                continue;
            }
            String found = report.measurement(entry.getKey())
                    .map(HexFormat.of()::formatHex)
                    .orElse("missing");
            if (entry.getValue().contains(found)) {
                matched++;
            } else {
                appraisal.report(
                        Reason.MEASUREMENT_MISMATCH,
                        "index " + entry.getKey() + " is " + found + ", none of "
                                + entry.getValue().size() + " reference values");
            }
        }
        appraisal.claim("measurementsMatched", JsonValue.whole(matched));
    }
}
