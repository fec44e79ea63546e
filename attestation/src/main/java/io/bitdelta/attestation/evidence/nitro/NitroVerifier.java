package io.bitdelta.attestation.evidence.nitro;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.EvidenceVerifier;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.Technology;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.CertCache;
import io.bitdelta.attestation.pki.Chain;
import io.bitdelta.attestation.pki.ChainReasons;
import io.bitdelta.attestation.pki.Documents;
import io.bitdelta.attestation.pki.PkiException;
import io.bitdelta.attestation.pki.TrustAnchors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Verifies Nitro documents at the time of their receipt: the leaf lives three hours. The root certificate must be among
 * the endorsements; its key is pinned.
 */
public final class NitroVerifier implements EvidenceVerifier {
    private static final int MAX_BYTES = 64 << 10;

    private final Set<Bytes32> anchors;
    private final CertCache certs = new CertCache();

    /** A verifier that trusts the root of AWS in {@code anchors}. */
    public NitroVerifier(TrustAnchors anchors) {
        this.anchors = anchors.of(TrustAnchors.Vendor.AWS_NITRO);
    }

    @Override
    public boolean recognises(byte[] evidence) {
        return NitroDocument.looksLike(evidence);
    }

    @Override
    public byte[] significant(byte[] evidence) {
        try {
            return Arrays.copyOf(evidence, NitroDocument.parse(evidence).length());
        } catch (Cbor.CborException e) {
            return evidence.clone();
        }
    }

    @Override
    public AppraisalResult appraise(
            byte[] evidence, Endorsements endorsements, AppraisalPolicy policy, Instant at, Expectation expectation) {
        Appraisal appraisal = new Appraisal(Technology.NITRO);
        try {
            if (evidence.length > MAX_BYTES) {
                throw new Cbor.CborException("document of " + evidence.length + " bytes is too long");
            }
            NitroDocument document = NitroDocument.parse(evidence);
            Documents documents = endorsements.view(Documents.class, Documents::of);
            documents.unreadable().forEach(complaint -> appraisal.report(Reason.MALFORMED, complaint));
            signature(document, documents, at, appraisal);
            enclave(document, policy, appraisal);
            age(document, policy, at, appraisal);
            expectation.checkReportData(document.optional("user_data").orElse(new byte[0]), appraisal);
            expectation.checkNonce(document.optional("nonce").orElse(new byte[0]), appraisal);
        } catch (Cbor.CborException e) {
            appraisal.report(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
        return appraisal.result();
    }

    private void signature(NitroDocument document, Documents documents, Instant at, Appraisal appraisal) {
        try {
            Cert leaf = certs.parse(document.certificate());
            List<Cert> pool = new ArrayList<>();
            for (byte[] der : document.caBundle()) {
                pool.add(certs.parse(der));
            }
            appraisal.require(
                    leaf.publicKey().p384(document.signed(), document.signature()),
                    Reason.BAD_SIGNATURE,
                    leaf.label() + " did not sign the document");
            appraisal.require(
                    documents.certs().stream().anyMatch(cert -> anchors.contains(cert.keyId())),
                    Reason.COLLATERAL_MISSING,
                    "the root certificate of AWS Nitro Enclaves is not among the endorsements");
            Chain.from(leaf, pool).check(anchors, at, ChainReasons.EVIDENCE, appraisal);
        } catch (PkiException e) {
            appraisal.report(Reason.BAD_CERT_CHAIN, String.valueOf(e.getMessage()));
        }
    }

    private static void enclave(NitroDocument document, AppraisalPolicy policy, Appraisal appraisal) {
        appraisal.claim("moduleId", document.moduleId());
        Map<Integer, byte[]> pcrs = document.pcrs();
        boolean debug = Arrays.equals(pcrs.get(0), new byte[48]);
        appraisal.claim("debug", debug ? "enabled" : "disabled");
        appraisal.require(!debug || policy.allowDebug(), Reason.DEBUG, "PCR0 is all zero: a debug enclave");
        pcrs.forEach((index, value) -> policy.checkMeasurement("pcr" + index, value, appraisal));
        policy.measurements().keySet().stream()
                .filter(name -> name.startsWith("pcr") && !pcrs.containsKey(index(name)))
                .forEach(name -> appraisal.report(
                        Reason.MEASUREMENT_MISMATCH, name + " is pinned by the policy, the document has none"));
        for (String name : List.of("user_data", "nonce", "public_key")) {
            document.optional(name)
                    .ifPresent(value -> appraisal.claim(name, HexFormat.of().formatHex(value)));
        }
    }

    private static int index(String name) {
        String digits = name.substring("pcr".length());
        return digits.matches("[0-9]{1,2}") ? Integer.parseInt(digits) : -1;
    }

    private static void age(NitroDocument document, AppraisalPolicy policy, Instant at, Appraisal appraisal) {
        Instant made = document.timestamp();
        appraisal.claim("timestamp", made.toString());
        policy.maxAge()
                .ifPresent(age -> appraisal.require(
                        !at.isAfter(made.plus(age)),
                        Reason.COLLATERAL_EXPIRED,
                        "the document is of " + made + ", older than " + age + " at " + at));
    }
}
