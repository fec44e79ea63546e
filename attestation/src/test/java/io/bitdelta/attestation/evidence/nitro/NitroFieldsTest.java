package io.bitdelta.attestation.evidence.nitro;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.PolicyDocument;
import io.bitdelta.attestation.evidence.FieldTable;
import io.bitdelta.attestation.evidence.MemberTable;
import io.bitdelta.attestation.evidence.nitro.NitroForgeriesTest.Fixture;
import io.bitdelta.attestation.pki.OwnPki;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every member of a document, under a policy that pins its registers and its age. */
final class NitroFieldsTest {
    private static final AppraisalPolicy POLICY =
            PolicyDocument.parse(("{\"maxAgeSeconds\":60,\"measurements\":{\"pcr0\":[\"" + "01".repeat(48)
                            + "\"],\"pcr1\":[\"" + "02".repeat(48) + "\"]}}")
                    .getBytes(StandardCharsets.UTF_8));

    /** A member's name as it is written, and what stands before its value. */
    private static byte[] key(String name, String hexBehind) {
        return NitroForgeriesTest.join(
                NitroForgeriesTest.text(name), HexFormat.of().parseHex(hexBehind));
    }

    private static AppraisalResult judge(Fixture fixture, byte[] document) {
        return fixture.verifier()
                .appraise(
                        document,
                        fixture.endorsements(),
                        POLICY,
                        OwnPki.NOW,
                        Expectation.reportData(new byte[64]).withNonce(new byte[32]));
    }

    @Test
    void document() throws Exception {
        FieldTable.Judge unsigned = change -> {
            Fixture fixture = new Fixture();
            return judge(fixture, change.apply(fixture.document()));
        };
        FieldTable.Judge again = change -> {
            Fixture fixture = new Fixture();
            fixture.content = change;
            return judge(fixture, fixture.document());
        };
        byte[] leaf = "enclave".getBytes(StandardCharsets.US_ASCII);
        byte[] zonal = "zonal".getBytes(StandardCharsets.US_ASCII);
        byte[] root = "aws.nitro-enclaves".getBytes(StandardCharsets.US_ASCII);
        new MemberTable("AWS Nitro document (COSE_Sign1)")
                .member("module_id", MemberTable.flipping(key("module_id", ""), 1))
                .member("digest", MemberTable.flipping(key("digest", ""), 6))
                .member("timestamp", MemberTable.flipping(key("timestamp", "1b"), 3))
                .member("pcrs: index", MemberTable.flipping(key("pcrs", "a2"), 0))
                .member("pcrs: PCR0", MemberTable.flipping(key("pcrs", "a2005830"), 0))
                .member("pcrs: PCR1", MemberTable.flipping(key("pcrs", "a2005830" + "01".repeat(48) + "015830"), 0))
                .member("certificate", MemberTable.flipping(leaf, -1))
                .member("cabundle: root", MemberTable.flipping(root, -1))
                .member("cabundle: intermediate", MemberTable.flipping(zonal, -1, 2, 1))
                .member("public_key", MemberTable.flipping(key("public_key", ""), 0))
                .member("user_data", MemberTable.flipping(key("user_data", "5840"), 0))
                .member("nonce", MemberTable.flipping(key("nonce", "5820"), 0))
                .signature(
                        "protected header", MemberTable.flipping(HexFormat.of().parseHex("a10138"), 0))
                .signature(
                        "unprotected header",
                        MemberTable.flipping(HexFormat.of().parseHex("a1013822"), 0))
                .signature("signature", bytes -> {
                    byte[] changed = bytes.clone();
                    changed[changed.length - 1] ^= 1;
                    return changed;
                })
                .check(unsigned, again, Set.of("module_id"));
    }
}
