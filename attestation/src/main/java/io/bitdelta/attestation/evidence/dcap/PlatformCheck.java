package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.CertCache;
import io.bitdelta.attestation.pki.Chain;
import io.bitdelta.attestation.pki.ChainReasons;
import io.bitdelta.attestation.pki.PkiException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.jspecify.annotations.Nullable;

/**
 * The checks of one quote against Intel's collateral: PCK chain and revocation, signed documents, quoting enclave,
 * TDX module and TCB level; their statuses are merged into one.
 */
final class PlatformCheck {
    private static final int PEM_CHAIN = 5;

    private final DcapQuote quote;
    private final DcapCollateral collateral;
    private final CertCache seen;
    private final Set<Bytes32> anchors;
    private final AppraisalPolicy policy;
    private final Instant at;
    private final Appraisal appraisal;

    PlatformCheck(
            DcapQuote quote,
            DcapCollateral collateral,
            CertCache seen,
            Set<Bytes32> anchors,
            AppraisalPolicy policy,
            Instant at,
            Appraisal appraisal) {
        this.quote = quote;
        this.collateral = collateral;
        this.seen = seen;
        this.anchors = anchors;
        this.policy = policy;
        this.at = at;
        this.appraisal = appraisal;
    }

    void run() {
        Optional<PckCertificate> pck = pckChain();
        String tee = quote.tdx() ? "TDX" : "SGX";
        Optional<SignedJson> tcbInfo =
                collateral.tcbInfo(tee, pck.map(PckCertificate::fmspc).orElse(""));
        Optional<SignedJson> identity = collateral.identity(quote.tdx() ? "TD_QE" : "QE");
        document(tcbInfo, "TCB info for " + tee, Reason.BAD_TCB_INFO_SIGNATURE);
        document(identity, "identity of the quoting enclave", Reason.BAD_QE_IDENTITY_SIGNATURE);
        try {
            Optional<TcbLevels.Level> quoting = identity.flatMap(this::quotingEnclave);
            if (pck.isPresent() && tcbInfo.isPresent()) {
                tcb(pck.get(), tcbInfo.get().content(), quoting);
            }
        } catch (JsonException e) {
            appraisal.report(Reason.MALFORMED, "collateral: " + e.getMessage());
        }
    }

    private Optional<PckCertificate> pckChain() {
        try {
            List<Cert> pool = new ArrayList<>();
            if (quote.certificationType() == PEM_CHAIN) {
                pool.addAll(seen.parsePem(quote.certification()));
            } else {
                appraisal.report(
                        Reason.UNSUPPORTED,
                        "the quote carries certification data of type " + quote.certificationType()
                                + ", not its PCK chain (5)");
            }
            pool.addAll(collateral.certs());
            Cert leaf = pool.stream()
                    .filter(cert -> cert.extension(PckCertificate.EXTENSION).isPresent())
                    .findFirst()
                    .orElse(null);
            if (leaf == null) {
                appraisal.report(Reason.COLLATERAL_MISSING, "no PCK certificate");
                return Optional.empty();
            }
            Chain chain = Chain.from(leaf, pool);
            chain.check(anchors, at, ChainReasons.EVIDENCE, appraisal);
            revocation(chain);
            appraisal.require(
                    leaf.publicKey().p256(quote.qeReport(), quote.qeSignature()),
                    Reason.BAD_QE_SIGNATURE,
                    "the PCK key did not sign the quoting enclave's report");
            return Optional.of(leaf.view(PckCertificate.class, PckCertificate::of));
        } catch (PkiException e) {
            appraisal.report(Reason.BAD_CERT_CHAIN, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Every certificate below the root against the list of its own issuer. */
    private void revocation(Chain chain) {
        List<Cert> path = chain.path();
        X500Name root = chain.top().subject();
        for (int i = 0; i + 1 < path.size(); i++) {
            Cert subject = path.get(i);
            Cert issuer = path.get(i + 1);
            // A list of another PCK issuer is named as such instead of as missing.
            collateral
                    .crl(issuer.subject())
                    .or(() -> issuer.subject().equals(root) ? Optional.empty() : collateral.otherCrl(root))
                    .ifPresentOrElse(
                            crl -> crl.check(issuer, subject, at, appraisal),
                            () -> appraisal.report(
                                    Reason.COLLATERAL_MISSING, "no revocation list of " + issuer.label()));
        }
    }

    private void document(Optional<SignedJson> found, String name, Reason badSignature) {
        if (found.isEmpty()) {
            appraisal.report(Reason.COLLATERAL_MISSING, "no " + name);
            return;
        }
        SignedJson document = found.get();
        List<Cert> pool = new ArrayList<>(document.chain());
        pool.addAll(collateral.certs());
        @Nullable
        Cert signer = pool.stream()
                .filter(cert -> !cert.selfIssued()
                        && cert.extension(PckCertificate.EXTENSION).isEmpty()
                        && document.signedBy(cert))
                .findFirst()
                .orElse(null);
        if (signer == null) {
            appraisal.report(badSignature, "the " + name + " is not signed by a certificate that came with it");
        } else {
            Chain chain = Chain.from(signer, pool);
            chain.check(anchors, at, ChainReasons.EVIDENCE, appraisal);
            appraisal.require(
                    chain.path().size() == 2, badSignature, signer.label() + " is not certified by the root itself");
            revocation(chain);
        }
        appraisal.require(
                !at.isBefore(document.issueDate()),
                Reason.COLLATERAL_NOT_YET_VALID,
                () -> "the " + name + " was issued " + document.issueDate() + ", judged at " + at);
        appraisal.require(
                !at.isAfter(document.nextUpdate()),
                Reason.COLLATERAL_EXPIRED,
                () -> "the " + name + " ended " + document.nextUpdate() + ", judged at " + at);
        appraisal.boundedBy(document.nextUpdate());
        minimumEvaluation(document, name);
    }

    private void minimumEvaluation(SignedJson document, String name) {
        if (policy.minimumTcbEvaluation() > 0) {
            long number = document.content().whole("tcbEvaluationDataNumber", 0, Integer.MAX_VALUE);
            appraisal.require(
                    number >= policy.minimumTcbEvaluation(),
                    Reason.OUT_OF_DATE,
                    "the " + name + " has tcbEvaluationDataNumber " + number + ", the policy asks for "
                            + policy.minimumTcbEvaluation());
        }
    }

    private Optional<TcbLevels.Level> quotingEnclave(SignedJson document) {
        JsonObject identity = document.content();
        byte[] report = quote.qeReport();
        boolean same = hex(report, 128, 32).equalsIgnoreCase(identity.text("mrsigner"))
                && littleEndian(report, 256) == identity.whole("isvprodid", 0, 65535)
                && masked(report, 16, identity.text("miscselectMask"), true)
                        .equalsIgnoreCase(identity.text("miscselect"))
                && masked(report, 48, identity.text("attributesMask"), false)
                        .equalsIgnoreCase(identity.text("attributes"));
        appraisal.require(
                same,
                Reason.QE_IDENTITY_MISMATCH,
                "MRSIGNER, ISVPRODID, MISCSELECT or ATTRIBUTES of the quoting enclave differ from its identity");
        Optional<TcbLevels.Level> level = TcbLevels.isv(identity, littleEndian(report, 258));
        appraisal.require(
                level.isPresent(), Reason.QE_IDENTITY_MISMATCH, "the quoting enclave is below every published version");
        return level;
    }

    private void tcb(PckCertificate pck, JsonObject tcbInfo, Optional<TcbLevels.Level> quoting) {
        appraisal.claim("fmspc", pck.fmspc());
        if (!pck.fmspc().equalsIgnoreCase(tcbInfo.text("fmspc"))) {
            appraisal.report(
                    Reason.FMSPC_MISMATCH,
                    "the platform is " + pck.fmspc() + ", the TCB info for " + tcbInfo.text("fmspc"));
            return;
        }
        if (!pck.pceId().equalsIgnoreCase(tcbInfo.text("pceId"))) {
            appraisal.report(
                    Reason.PCEID_MISMATCH,
                    "the platform's PCE is " + pck.pceId() + ", the TCB info for " + tcbInfo.text("pceId"));
            return;
        }
        if (tcbInfo.whole("version", 0, 255) != 3) {
            appraisal.report(Reason.UNSUPPORTED, "TCB info version " + tcbInfo.whole("version", 0, 255) + " is not 3");
            return;
        }
        boolean trusted = appraisal.clean();
        Optional<byte[]> teeTcbSvn = quote.tdx() ? Optional.of(quote.body(0, 16)) : Optional.empty();
        Optional<TcbLevels.Level> module = tdxModule(tcbInfo, teeTcbSvn);
        Optional<TcbLevels.Level> platform = TcbLevels.platform(tcbInfo, pck, teeTcbSvn);
        if (platform.isEmpty()) {
            appraisal.report(Reason.TCB_LEVEL_NOT_FOUND, "the platform is below every published TCB level");
            if (trusted) {
                appraisal.status("none");
            }
            return;
        }
        TcbLevels.Level merged = platform.get();
        if (module.isPresent()) {
            merged = merged.mergedWith(module.get());
        }
        if (quoting.isPresent()) {
            merged = merged.mergedWith(quoting.get());
        }
        merged = relaunch(merged, quoting, tcbInfo, pck);
        judge(merged, trusted);
    }

    /** The identity of the module, if it has one of its own (major version above 0). */
    private Optional<TcbLevels.Level> tdxModule(JsonObject tcbInfo, Optional<byte[]> teeTcbSvn) {
        if (teeTcbSvn.isEmpty()) {
            return Optional.empty();
        }
        JsonObject identity = null;
        int major = teeTcbSvn.get()[1] & 0xff;
        String id = String.format(Locale.ROOT, "TDX_%02X", major);
        if (major > 0) {
            if (tcbInfo.has("tdxModuleIdentities")) {
                identity = tcbInfo.objects("tdxModuleIdentities").stream()
                        .filter(candidate -> candidate.text("id").equalsIgnoreCase(id))
                        .findFirst()
                        .orElse(null);
            }
        } else if (tcbInfo.has("tdxModule")) {
            identity = tcbInfo.object("tdxModule");
        }
        if (identity == null) {
            appraisal.report(Reason.MODULE_MISMATCH, "the TCB info has no identity of the TDX module " + id);
            return Optional.empty();
        }
        boolean same = HexFormat.of().formatHex(quote.body(64, 48)).equalsIgnoreCase(identity.text("mrsigner"))
                && masked(quote.body(112, 8), 0, identity.text("attributesMask"), false)
                        .equalsIgnoreCase(identity.text("attributes"));
        appraisal.require(
                same, Reason.MODULE_MISMATCH, "MRSIGNERSEAM or SEAMATTRIBUTES differ from the identity of " + id);
        if (major == 0) {
            return Optional.empty();
        }
        Optional<TcbLevels.Level> level = TcbLevels.isv(identity, teeTcbSvn.get()[0] & 0xff);
        appraisal.require(
                level.isPresent(), Reason.TCB_LEVEL_NOT_FOUND, "the TDX module is below every published version");
        return level;
    }

    /**
     * A TD 1.5 body also says which module runs now: if only the module at launch is old, starting the domain again is
     * all that is needed.
     */
    private TcbLevels.Level relaunch(
            TcbLevels.Level merged, Optional<TcbLevels.Level> quoting, JsonObject tcbInfo, PckCertificate pck) {
        Optional<byte[]> now = quote.teeTcbSvn2();
        boolean partsCurrent = quoting.isPresent() && !quoting.get().status().outOfDate();
        if (now.isEmpty() || !merged.status().outOfDate() || !partsCurrent) {
            return merged;
        }
        boolean moduleCurrent = tdxModuleNow(tcbInfo, now.get())
                .map(level -> level.status() == TcbStatus.UP_TO_DATE)
                .orElse(now.get()[1] == 0);
        if (!moduleCurrent || !TcbLevels.reachesNewest(tcbInfo, pck, now.get())) {
            return merged;
        }
        return new TcbLevels.Level(
                merged.status() == TcbStatus.OUT_OF_DATE
                        ? TcbStatus.TD_RELAUNCH_ADVISED
                        : TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
                merged.advisories());
    }

    private static Optional<TcbLevels.Level> tdxModuleNow(JsonObject tcbInfo, byte[] teeTcbSvn2) {
        int major = teeTcbSvn2[1] & 0xff;
        if (major == 0 || !tcbInfo.has("tdxModuleIdentities")) {
            return Optional.empty();
        }
        String id = String.format(Locale.ROOT, "TDX_%02X", major);
        return tcbInfo.objects("tdxModuleIdentities").stream()
                .filter(candidate -> candidate.text("id").equalsIgnoreCase(id))
                .findFirst()
                .flatMap(identity -> TcbLevels.isv(identity, teeTcbSvn2[0] & 0xff));
    }

    private void judge(TcbLevels.Level level, boolean trusted) {
        String word = level.status().word();
        if (trusted) {
            appraisal.status(word);
        }
        appraisal.claim("tcbStatus", word);
        appraisal.claim("advisories", JsonValue.texts(level.advisories()));
        boolean allowed = policy.allowedStatuses().contains(word);
        appraisal.require(allowed || !level.status().outOfDate(), Reason.OUT_OF_DATE, "the TCB is " + word);
        appraisal.require(allowed, Reason.STATUS_NOT_ALLOWED, "status " + word + " is not one of the policy's");
        for (String advisory : level.advisories()) {
            appraisal.require(
                    !policy.refusedAdvisories().contains(advisory),
                    Reason.STATUS_NOT_ALLOWED,
                    "the policy refuses platforms with " + advisory);
        }
    }

    private static int littleEndian(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff) | ((bytes[offset + 1] & 0xff) << 8);
    }

    private static String hex(byte[] bytes, int offset, int length) {
        return HexFormat.of().formatHex(bytes, offset, offset + length);
    }

    /** The bytes under a hex mask, as hex; MISCSELECT is an integer in collateral, so its bytes are turned around. */
    private static String masked(byte[] bytes, int offset, String maskHex, boolean reversed) {
        byte[] mask;
        try {
            mask = HexFormat.of().parseHex(maskHex);
        } catch (IllegalArgumentException e) {
            throw new JsonException("mask \"" + maskHex + "\" is no hex", e);
        }
        byte[] out = new byte[mask.length];
        for (int i = 0; i < mask.length; i++) {
            if (offset + i >= bytes.length) {
                throw new JsonException("mask \"" + maskHex + "\" is too long");
            }
            int source = reversed ? offset + mask.length - 1 - i : offset + i;
            out[i] = (byte) (bytes[source] & mask[i]);
        }
        return HexFormat.of().formatHex(out);
    }
}
