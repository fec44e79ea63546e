package io.bitdelta.attestation.evidence.snp;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.EvidenceVerifier;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.SnpRule;
import io.bitdelta.attestation.appraisal.Technology;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.Chain;
import io.bitdelta.attestation.pki.ChainReasons;
import io.bitdelta.attestation.pki.Crl;
import io.bitdelta.attestation.pki.Documents;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;

/** Verifies SEV-SNP reports with the VCEK or VLEK among the endorsements. */
public final class SnpVerifier implements EvidenceVerifier {
    private static final String TCB_OID = "1.3.6.1.4.1.3704.1.3.1";
    private static final String HWID_OID = "1.3.6.1.4.1.3704.1.4";
    private static final int MIN_VERSION = 2;
    private static final int MAX_VERSION = 5;
    private static final long DEBUG_BIT = 1L << 19;
    private static final long MIGRATE_MA_BIT = 1L << 18;
    private static final int PADDING = 4096;

    private final TrustAnchors anchors;

    /** A verifier that trusts AMD's roots in {@code anchors}. */
    public SnpVerifier(TrustAnchors anchors) {
        this.anchors = anchors;
    }

    @Override
    public boolean recognises(byte[] evidence) {
        return evidence.length >= SnpReport.LENGTH
                && evidence.length <= SnpReport.LENGTH + PADDING
                && evidence[0] >= 1
                && evidence[0] <= 16
                && evidence[1] == 0
                && evidence[2] == 0
                && evidence[3] == 0;
    }

    @Override
    public byte[] significant(byte[] evidence) {
        return Arrays.copyOf(evidence, SnpReport.LENGTH);
    }

    @Override
    public List<CollateralRequest> collateral(byte[] evidence) {
        return SnpRequests.of(SnpReport.parse(evidence));
    }

    @Override
    public AppraisalResult appraise(
            byte[] evidence, Endorsements endorsements, AppraisalPolicy policy, Instant at, Expectation expectation) {
        Appraisal appraisal = new Appraisal(Technology.SNP);
        SnpReport report = SnpReport.parse(evidence);
        if (report.version() < MIN_VERSION || report.version() > MAX_VERSION) {
            appraisal.report(Reason.UNSUPPORTED, "report version " + report.version());
            return appraisal.result();
        }
        Documents documents = endorsements.view(Documents.class, Documents::of);
        documents.unreadable().forEach(complaint -> appraisal.report(Reason.MALFORMED, complaint));
        signature(report, documents, policy.snp(), at, appraisal);
        guest(report, policy, appraisal);
        expectation.checkReportData(report.reportData(), appraisal);
        return appraisal.result();
    }

    private void signature(SnpReport report, Documents documents, SnpRule rule, Instant at, Appraisal appraisal) {
        if (report.signingKey() > 1 || report.signatureAlgorithm() != 1) {
            appraisal.report(
                    Reason.UNSUPPORTED,
                    "signing key " + report.signingKey() + " with algorithm " + report.signatureAlgorithm()
                            + " (VCEK 0 or VLEK 1 with ECDSA P-384 1)");
            return;
        }
        boolean vlek = report.signingKey() == 1;
        appraisal.claim("signingKey", vlek ? "VLEK" : "VCEK");
        Optional<Cert> leaf = documents.certs().stream()
                .filter(cert -> cert.extension(TCB_OID).isPresent()
                        && cert.extension(HWID_OID).isPresent() != vlek)
                .findFirst();
        if (leaf.isEmpty()) {
            appraisal.report(Reason.COLLATERAL_MISSING, "no " + (vlek ? "VLEK" : "VCEK") + " certificate");
            return;
        }
        appraisal.require(
                !vlek || rule.allowVlek(), Reason.STATUS_NOT_ALLOWED, "a provider's key (VLEK) signed the report");
        appraisal.require(
                leaf.get().publicKey().p384(report.signed(), report.signature()),
                Reason.BAD_SIGNATURE,
                leaf.get().label() + " did not sign the report");
        Chain chain = Chain.from(leaf.get(), documents.certs());
        if (chain.path().size() == 1
                && documents.certs().stream().noneMatch(cert -> cert.selfIssued() && isPinned(cert))) {
            appraisal.report(
                    Reason.COLLATERAL_MISSING,
                    "no AMD certificates that issued " + leaf.get().label());
            return;
        }
        chain.check(allRoots(), at, ChainReasons.EVIDENCE, appraisal);
        crl(chain, documents.crls(), rule, at, appraisal);
        SnpProduct.ofRoot(anchors, chain.top().keyId()).ifPresent(product -> {
            appraisal.claim("product", product.name().toLowerCase(Locale.ROOT));
            tcb(report, leaf.get(), product, rule, appraisal);
            chip(report, leaf.get(), product, vlek, appraisal);
        });
    }

    /** AMD's root signs one list that covers its intermediates and, by AMD's practice, versioned keys. */
    private static void crl(Chain chain, List<Crl> crls, SnpRule rule, Instant at, Appraisal appraisal) {
        Cert root = chain.top();
        Optional<Crl> list =
                crls.stream().filter(crl -> root.isNamed(crl.issuer())).findFirst();
        appraisal.claim("revocation", list.isPresent() ? "checked" : "not checked");
        if (list.isPresent()) {
            chain.path().stream()
                    .filter(cert -> root.isNamed(cert.issuer()) && !cert.selfIssued())
                    .forEach(cert -> list.get().check(root, cert, at, appraisal));
        } else if (rule.requireCrl()) {
            appraisal.report(Reason.COLLATERAL_MISSING, "no revocation list of " + root.label());
        }
    }

    private static void tcb(SnpReport report, Cert leaf, SnpProduct product, SnpRule rule, Appraisal appraisal) {
        byte[] reported = report.reportedTcb();
        appraisal.claim("reportedTcb", HexFormat.of().formatHex(reported));
        for (SnpProduct.Component component : product.components()) {
            int inReport = component.version(reported);
            Optional<Integer> inCertificate = whole(leaf, component.oid());
            appraisal.require(
                    inCertificate.isPresent() && inCertificate.get() == inReport,
                    Reason.TCB_MISMATCH,
                    component.name() + " is " + inReport + " in the reported TCB, "
                            + inCertificate.map(String::valueOf).orElse("missing") + " in the certificate");
            int minimum = rule.minimumTcb().getOrDefault(component.name(), 0);
            appraisal.require(
                    inReport >= minimum,
                    Reason.TCB_MISMATCH,
                    component.name() + " is " + inReport + ", the policy asks for " + minimum);
        }
    }

    private static Optional<Integer> whole(Cert leaf, String oid) {
        return leaf.extension(oid).map(value -> {
            try {
                return ASN1Integer.getInstance(ASN1Primitive.fromByteArray(value))
                        .intValueExact();
            } catch (IOException | RuntimeException e) {
                return -1;
            }
        });
    }

    private static void chip(SnpReport report, Cert leaf, SnpProduct product, boolean vlek, Appraisal appraisal) {
        appraisal.claim("chipId", HexFormat.of().formatHex(report.chipId()));
        if (vlek) {
            return;
        }
        byte[] hwid = hwid(leaf.extension(HWID_OID).orElse(new byte[0]), product.hwidLength());
        appraisal.require(
                hwid.length == product.hwidLength() && Arrays.equals(Arrays.copyOf(hwid, 64), report.chipId()),
                Reason.CHIP_ID_MISMATCH,
                "CHIP_ID is not the certificate's hardware id " + HexFormat.of().formatHex(hwid));
    }

    /** The id is written bare; newer certificates wrap it as an octet string. */
    private static byte[] hwid(byte[] value, int length) {
        if (value.length == length) {
            return value;
        }
        try {
            return ASN1OctetString.getInstance(value).getOctets();
        } catch (RuntimeException e) {
            return new byte[0];
        }
    }

    private static void guest(SnpReport report, AppraisalPolicy policy, Appraisal appraisal) {
        SnpRule rule = policy.snp();
        boolean debug = (report.policy() & DEBUG_BIT) != 0;
        appraisal.claim("debug", debug ? "enabled" : "disabled");
        appraisal.claim("vmpl", JsonValue.whole(report.vmpl()));
        appraisal.claim("policy", "0x" + Long.toHexString(report.policy()));
        appraisal.claim("reportData", HexFormat.of().formatHex(report.reportData()));
        appraisal.require(!debug || policy.allowDebug(), Reason.DEBUG, "the guest policy allows debugging (bit 19)");
        appraisal.require(
                (report.policy() & MIGRATE_MA_BIT) == 0 || rule.allowMigration(),
                Reason.MIGRATION,
                "the guest policy allows a migration agent (bit 18)");
        appraisal.require(
                rule.vmpls().contains(report.vmpl()),
                Reason.VMPL,
                "VMPL " + report.vmpl() + " is not one of the policy's " + rule.vmpls());
        policy.checkMeasurement("measurement", report.measurement(), appraisal);
        policy.checkMeasurement("hostdata", report.hostData(), appraisal);
    }

    private boolean isPinned(Cert cert) {
        return allRoots().contains(cert.keyId());
    }

    private Set<Bytes32> allRoots() {
        Set<Bytes32> out = new HashSet<>();
        for (SnpProduct product : SnpProduct.values()) {
            out.addAll(anchors.of(product.vendor()));
        }
        return out;
    }
}
