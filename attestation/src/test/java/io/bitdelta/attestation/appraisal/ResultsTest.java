package io.bitdelta.attestation.appraisal;

import static io.bitdelta.attestation.FormatVectors.REGISTRY;
import static io.bitdelta.attestation.FormatVectors.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.did.DidDocument;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.attestation.sign.SignatureScheme;
import io.bitdelta.attestation.sign.SigningKey;
import io.bitdelta.attestation.typed.AppraisalMessage;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ResultsTest {
    private static final Instant AT = Instant.parse("2026-11-20T20:00:00Z");

    /** A technology whose evidence is one byte naming its kind, then what it binds: report data or nonce. */
    private record OneByte(int kind, Technology technology) implements EvidenceVerifier {
        @Override
        public boolean recognises(byte[] evidence) {
            return evidence.length > 0 && evidence[0] == kind;
        }

        @Override
        public AppraisalResult appraise(
                byte[] evidence,
                Endorsements endorsements,
                AppraisalPolicy policy,
                Instant at,
                Expectation expectation) {
            Appraisal appraisal = new Appraisal(technology);
            byte[] bound = java.util.Arrays.copyOfRange(evidence, 1, evidence.length);
            if (technology == Technology.NVIDIA) {
                expectation.checkNonce(bound, appraisal);
            } else {
                expectation.checkReportData(bound, appraisal);
            }
            policy.checkMeasurement("mrtd", new byte[] {1}, appraisal);
            appraisal.boundedBy(AT.plusSeconds(60));
            return appraisal.result();
        }
    }

    private final CompositeAppraiser composite = new CompositeAppraiser(
            new Appraiser(List.of(new OneByte(1, Technology.TDX), new OneByte(2, Technology.NVIDIA))));
    private final byte[] gpu = concat(2, Statement.gpuNonce(filled(9)).bytes());

    private static byte[] concat(int kind, byte[] bound) {
        byte[] out = new byte[1 + bound.length];
        out[0] = (byte) kind;
        System.arraycopy(bound, 0, out, 1, bound.length);
        return out;
    }

    private static Statement statement(Bytes32 gpuHash) {
        return new Statement(31337, REGISTRY, filled(1), filled(9), Bytes32.ZERO, Bytes32.ZERO, gpuHash, 100);
    }

    private CompositeResult judge(Statement statement, Optional<byte[]> gpuEvidence, AppraisalPolicy policy) {
        return composite.appraise(
                concat(1, statement.reportData()), gpuEvidence, Endorsements.none(), policy, AT, statement);
    }

    @Test
    void aGpuInsideACpusStatementHolds() {
        CompositeResult result = judge(statement(Keccak256.of(gpu)), Optional.of(gpu), AppraisalPolicy.strict());
        assertThat(result.affirming()).isTrue();
        assertThat(result.parts()).containsOnlyKeys(Technology.TDX, Technology.NVIDIA);
    }

    @Test
    void otherCompositionsDoNot() {
        AppraisalPolicy strict = AppraisalPolicy.strict();
        assertThat(judge(statement(filled(3)), Optional.of(gpu), strict).affirming())
                .isFalse();
        assertThat(judge(statement(Bytes32.ZERO), Optional.of(gpu), strict).affirming())
                .isFalse();
        assertThat(judge(statement(Keccak256.of(gpu)), Optional.empty(), strict).affirming())
                .isFalse();
        byte[] oldGpu = concat(2, Statement.gpuNonce(filled(8)).bytes());
        assertThat(judge(statement(Keccak256.of(oldGpu)), Optional.of(oldGpu), strict)
                        .affirming())
                .isFalse();
        byte[] cpuAsGpu = concat(1, new byte[64]);
        assertThat(judge(statement(Keccak256.of(cpuAsGpu)), Optional.of(cpuAsGpu), strict)
                        .affirming())
                .isFalse();
    }

    @Test
    void requiredTechnologiesMustBeThere() {
        AppraisalPolicy both =
                PolicyDocument.parse("{\"required\":[\"tdx\",\"nvidia\"]}".getBytes(StandardCharsets.UTF_8));
        assertThat(judge(statement(Bytes32.ZERO), Optional.empty(), both).affirming())
                .isFalse();
        assertThat(judge(statement(Keccak256.of(gpu)), Optional.of(gpu), both).affirming())
                .isTrue();
    }

    private AppraisalResult tdx() {
        return judge(statement(Bytes32.ZERO), Optional.empty(), AppraisalPolicy.strict())
                .parts()
                .values()
                .iterator()
                .next();
    }

    @Test
    void onlyAffirmingResultsAreSignedForContracts() {
        AppraisalMessage message = SignedResults.message(tdx(), REGISTRY, new byte[] {1});
        assertThat(message.tier()).isEqualTo(2);
        assertThat(message.expiry()).isEqualTo(AT.plusSeconds(60).getEpochSecond());
        assertThat(message.technology()).isEqualTo(Keccak256.ofText("tdx"));
        assertThat(message.measurementHash()).isEqualTo(Keccak256.ofText("{\"mrtd\":\"01\"}"));
        AppraisalResult refused = judge(
                        statement(Bytes32.ZERO),
                        Optional.empty(),
                        AppraisalPolicy.strict().withMeasurements(Map.of("mrtd", Set.of("02"))))
                .parts()
                .values()
                .iterator()
                .next();
        assertThat(refused.reasons()).containsExactly(Reason.MEASUREMENT_MISMATCH);
        assertThatThrownBy(() -> SignedResults.message(refused, REGISTRY, new byte[1]))
                .hasMessageContaining("contraindicated");
    }

    @Test
    void aTokenComesBackAndForgedOnesDoNot() {
        SigningKey key = SigningKey.generate(SignatureScheme.ED25519, new SecureRandom());
        String token = SignedResults.token(Map.of("cpu", tdx()), "test", AT, key);
        assertThat(SignedResults.verify(token, key.publicKey())).containsEntry("cpu", tdx());
        SigningKey other = SigningKey.generate(SignatureScheme.ED25519, new SecureRandom());
        assertThatThrownBy(() -> SignedResults.verify(token, other.publicKey())).isInstanceOf(SignatureException.class);
        assertThatThrownBy(() -> SignedResults.verify("e30" + token.substring(token.indexOf('.')), key.publicKey()))
                .isInstanceOf(SignatureException.class);
        char[] changed = token.toCharArray();
        int at = token.indexOf('.') + 20;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        assertThatThrownBy(() -> SignedResults.verify(new String(changed), key.publicKey()))
                .isInstanceOf(SignatureException.class);
        assertThatThrownBy(() -> SignedResults.token(
                        Map.of(), "t", AT, SigningKey.generate(SignatureScheme.P256, new SecureRandom())))
                .hasMessageContaining("Ed25519");
    }

    @Test
    void policiesAreReadStrictly() {
        AppraisalPolicy policy = PolicyDocument.parse("""
                {"allowedStatuses":["UpToDate","SWHardeningNeeded"],"measurements":{"mrtd":["aa"]},
                 "snp":{"vmpls":[0,1],"allowVlek":true,"minimumTcb":{"snp":8}},"maxAgeSeconds":300,
                 "development":{"chainId":31337},"requireSeptVeDisable":false}""".getBytes(StandardCharsets.UTF_8));
        assertThat(policy.allowedStatuses()).hasSize(2);
        assertThat(policy.snp().vmpls()).containsExactlyInAnyOrder(0, 1);
        assertThat(policy.snp().minimumTcb()).containsEntry("snp", 8);
        assertThat(policy.development().admits()).isTrue();
        assertThat(policy.requireSeptVeDisable()).isFalse();
        assertThat(PolicyDocument.parse("{}".getBytes(StandardCharsets.UTF_8))).isEqualTo(AppraisalPolicy.strict());
        for (String broken : List.of(
                "{\"allowDebugging\":true}",
                "{\"allowedStatuses\":[\"Revoked\"]}",
                "{\"snp\":{\"vmpls\":[4]}}",
                "{\"snp\":{\"vmpl\":[0]}}",
                "{\"required\":[\"sev\"]}",
                "{\"development\":{\"chainId\":1,\"testChains\":[122]}}",
                "{\"maxAgeSeconds\":0}",
                "[]")) {
            assertThatThrownBy(() -> PolicyDocument.parse(broken.getBytes(StandardCharsets.UTF_8)))
                    .as(broken)
                    .isInstanceOf(JsonException.class);
        }
    }

    @Test
    void didDocumentsNameTheAccountInThreeMethods() {
        LuxDid did = LuxDid.of(122, "0x" + "ab".repeat(20));
        byte[] text = CanonicalJson.write(
                DidDocument.of(did, List.of(), Optional.of(new byte[1216]), Optional.of("https://gateway.example")));
        JsonObject document = JsonObject.of("did", CanonicalJson.read(text, 1 << 16));
        assertThat(document.text("id")).isEqualTo(did.toString());
        assertThat(document.texts("alsoKnownAs"))
                .containsExactly("did:pkh:eip155:122:0x" + "ab".repeat(20), "did:ethr:0x7a:0x" + "ab".repeat(20));
        assertThat(document.objects("verificationMethod").getFirst().text("blockchainAccountId"))
                .isEqualTo("eip155:122:0x" + "ab".repeat(20));
        assertThat(document.texts("keyAgreement")).containsExactly(did + "#envelope");
        assertThat(document.texts("controller")).containsExactly(did.toString());
    }
}
