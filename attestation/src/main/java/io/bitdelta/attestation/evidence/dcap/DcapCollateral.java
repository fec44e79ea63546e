package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.Crl;
import io.bitdelta.attestation.pki.Documents;
import io.bitdelta.attestation.pki.PkiException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * Intel's collateral out of endorsement documents: bundles (one JSON object with chains, CRLs and signed texts), raw
 * answers of the provisioning certification service, PEM chains and DER revocation lists, in any mixture.
 */
final class DcapCollateral {
    private static final int MAX_BYTES = 4 << 20;
    private static final Pattern PCS_ANSWER = Pattern.compile(
            "\\s*\\{\\s*\"(tcbInfo|enclaveIdentity)\"\\s*:\\s*(\\{.*\\})\\s*,\\s*\"signature\"\\s*:\\s*\"([0-9a-fA-F]*)\"\\s*\\}\\s*",
            Pattern.DOTALL);

    private final List<SignedJson> tcbInfos = new ArrayList<>();
    private final List<SignedJson> identities = new ArrayList<>();
    private final List<Cert> certs = new ArrayList<>();
    private final List<Crl> crls = new ArrayList<>();
    private final List<String> malformed = new ArrayList<>();

    private DcapCollateral() {}

    /** Sorts documents; what is malformed is remembered in {@link #malformed}. */
    static DcapCollateral of(List<byte[]> raw) {
        Documents documents = Documents.of(raw);
        DcapCollateral out = new DcapCollateral();
        out.certs.addAll(documents.certs());
        out.crls.addAll(documents.crls());
        out.malformed.addAll(documents.unreadable());
        for (byte[] text : documents.texts()) {
            try {
                out.text(text);
            } catch (JsonException | PkiException | IllegalArgumentException e) {
                out.malformed.add(String.valueOf(e.getMessage()));
            }
        }
        return out;
    }

    private void text(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new JsonException("collateral of " + bytes.length + " bytes is too long");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        Matcher answer = PCS_ANSWER.matcher(text);
        if (answer.matches()) {
            List<SignedJson> target = answer.group(1).equals("tcbInfo") ? tcbInfos : identities;
            target.add(new SignedJson(answer.group(1), answer.group(2), answer.group(3), List.of()));
            return;
        }
        if (!text.stripLeading().startsWith("{")) {
            return;
        }
        JsonObject bundle = JsonObject.of("collateral", CanonicalJson.readAny(bytes, MAX_BYTES));
        if (bundle.has("tcb_info")) {
            tcbInfos.add(new SignedJson(
                    "tcb_info",
                    bundle.text("tcb_info"),
                    bundle.text("tcb_info_signature"),
                    chain(bundle, "tcb_info_issuer_chain")));
        }
        if (bundle.has("qe_identity")) {
            identities.add(new SignedJson(
                    "qe_identity",
                    bundle.text("qe_identity"),
                    bundle.text("qe_identity_signature"),
                    chain(bundle, "qe_identity_issuer_chain")));
        }
        certs.addAll(chain(bundle, "pck_crl_issuer_chain"));
        for (String key : List.of("root_ca_crl", "pck_crl")) {
            if (bundle.has(key)) {
                crls.add(Crl.parse(HexFormat.of().parseHex(bundle.text(key))));
            }
        }
    }

    private static List<Cert> chain(JsonObject bundle, String key) {
        return bundle.has(key) ? Cert.parsePem(bundle.text(key)) : List.of();
    }

    /** The TCB info of a TEE and platform family; failing that, any of the TEE, so that the mismatch can be named. */
    Optional<SignedJson> tcbInfo(String tee, String fmspc) {
        List<SignedJson> sameTee = tcbInfos.stream()
                .filter(info -> info.content().optionalText("id").orElse("SGX").equals(tee))
                .toList();
        return sameTee.stream()
                .filter(info -> info.content().optionalText("fmspc").orElse("").equalsIgnoreCase(fmspc))
                .findFirst()
                .or(() -> sameTee.stream().findFirst());
    }

    /** The identity of a quoting enclave: {@code QE} or {@code TD_QE}. */
    Optional<SignedJson> identity(String id) {
        return identities.stream()
                .filter(identity ->
                        identity.content().optionalText("id").orElse("").equals(id))
                .findFirst();
    }

    /** The revocation list of an issuer's name; failing that, one of another PCK issuer, so that it can be named. */
    Optional<Crl> crl(X500Name issuer) {
        return crls.stream().filter(crl -> crl.issuer().equals(issuer)).findFirst();
    }

    /** A list that is not of the root. */
    Optional<Crl> otherCrl(X500Name root) {
        return crls.stream().filter(crl -> !crl.issuer().equals(root)).findFirst();
    }

    /** Every certificate, also those that came with signed texts. */
    List<Cert> certs() {
        List<Cert> all = new ArrayList<>(certs);
        tcbInfos.forEach(info -> all.addAll(info.chain()));
        identities.forEach(identity -> all.addAll(identity.chain()));
        return all;
    }

    List<String> malformed() {
        return List.copyOf(malformed);
    }
}
