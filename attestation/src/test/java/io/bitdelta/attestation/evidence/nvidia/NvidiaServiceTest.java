package io.bitdelta.attestation.evidence.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.Tier;
import io.bitdelta.attestation.collateral.CollateralSource.Collected;
import io.bitdelta.attestation.collateral.HttpCollateral;
import io.bitdelta.attestation.collateral.PlayedService;
import io.bitdelta.attestation.evidence.StandardAppraiser;
import io.bitdelta.attestation.pki.OwnPki;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests by name and revocation by question, from played services, judged with nothing else. */
final class NvidiaServiceTest {
    private static final String DRIVER = "v1/rim/NV_GPU_DRIVER_GH100_590.12";
    private static final String VBIOS = "v1/rim/NV_GPU_VBIOS_1010_0200_882_9600A50001";

    private final NvidiaFixture fixture = new NvidiaFixture();
    private final Appraiser appraiser = StandardAppraiser.create(fixture.anchors());
    private final Map<BigInteger, byte[]> status = new HashMap<>();
    private byte[] evidence;
    private Instant now = OwnPki.NOW;
    private PlayedService manifests;
    private PlayedService responder;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        evidence = fixture.evidence();
        List<byte[]> documents = fixture.endorsements();
        manifests =
                new PlayedService().with(DRIVER, manifest(documents.get(0))).with(VBIOS, manifest(documents.get(1)));
        int[] serials = {2, 3, 5, 4, 7};
        for (int i = 0; i < serials.length; i++) {
            status.put(BigInteger.valueOf(serials[i]), documents.get(2 + i));
        }
        responder = new PlayedService().posted(this::answer);
    }

    private static byte[] manifest(byte[] xml) {
        return ("{\"id\":\"x\",\"rim\":\"" + Base64.getEncoder().encodeToString(xml) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] answer(byte[] question) {
        try {
            OCSPReq request = new OCSPReq(question);
            assertThat(request.getRequestList()).hasSize(1);
            return status.getOrDefault(request.getRequestList()[0].getCertID().getSerialNumber(), new byte[0]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        manifests.close();
        responder.close();
    }

    private Collected collect(PlayedService service, List<CollateralRequest> requests) throws Exception {
        try (HttpCollateral source = new HttpCollateral(
                service.base(), Optional.of(folder), Clock.fixed(now, ZoneOffset.UTC), Duration.ofSeconds(20))) {
            return source.collect(requests);
        }
    }

    private AppraisalResult judge(List<String> complaints) throws Exception {
        Collected first = collect(manifests, appraiser.collateral(evidence));
        List<byte[]> documents = new ArrayList<>(first.documents());
        complaints.addAll(first.complaints());
        Collected second = collect(responder, appraiser.revocation(evidence, Endorsements.of(documents)));
        documents.addAll(second.documents());
        complaints.addAll(second.complaints());
        return appraiser.appraise(
                evidence, Endorsements.of(documents), AppraisalPolicy.strict(), now, Expectation.nothing());
    }

    @Test
    void aReportIsAffirmingWithWhatTheServicesAnswer() throws Exception {
        List<String> complaints = new ArrayList<>();
        AppraisalResult result = judge(complaints);
        assertThat(complaints).isEmpty();
        assertThat(result.affirming()).as("%s", result.findings()).isTrue();
        assertThat(manifests.questions()).containsExactly(DRIVER, VBIOS);
        assertThat(responder.questions())
                .hasSize(5)
                .allMatch(question -> question.equals("POST /base application/ocsp-request"));
    }

    @Test
    void answersAreKeptWhileTheyAreValid() throws Exception {
        assertThat(judge(new ArrayList<>()).affirming()).isTrue();
        manifests.close();
        responder.close();
        now = OwnPki.NOW.plus(Duration.ofHours(23));
        List<String> complaints = new ArrayList<>();
        assertThat(judge(complaints).affirming()).isTrue();
        assertThat(complaints).isEmpty();
        now = OwnPki.NOW.plus(Duration.ofHours(25));
        AppraisalResult stale = judge(complaints);
        assertThat(complaints).isNotEmpty().allMatch(line -> line.contains("using the answer of"));
        assertThat(stale.reasons()).contains(Reason.OCSP_MISSING);
    }

    @Test
    void whatTheServicesLackIsMissingAndNeverAffirming() throws Exception {
        manifests.status(VBIOS, 404);
        status.remove(BigInteger.valueOf(7));
        List<String> complaints = new ArrayList<>();
        AppraisalResult result = judge(complaints);
        assertThat(result.tier()).isEqualTo(Tier.NONE);
        assertThat(result.reasons()).containsExactlyInAnyOrder(Reason.RIM_MISSING, Reason.OCSP_MISSING);
        assertThat(complaints).hasSize(2).allMatch(line -> line.contains("answers 404"));
    }

    @Test
    void answersOfAnotherKindAreRefused() throws Exception {
        manifests
                .with(DRIVER, "{\"rim\":5}".getBytes(StandardCharsets.UTF_8))
                .with(VBIOS, manifest("<SoftwareIdentity/>".getBytes(StandardCharsets.UTF_8)));
        responder.posted(question -> question);
        List<String> complaints = new ArrayList<>();
        AppraisalResult result = judge(complaints);
        assertThat(result.reasons()).containsExactlyInAnyOrder(Reason.RIM_MISSING, Reason.OCSP_MISSING);
        assertThat(complaints)
                .anyMatch(line -> line.contains(DRIVER + ": no manifest"))
                .anyMatch(line -> line.contains(VBIOS + ": the manifest carries no certificate"))
                .anyMatch(line -> line.contains("OCSP response"));
    }

    @Test
    void aManifestAloneAsksForItsOwnSigners() throws Exception {
        byte[] manifest = fixture.endorsements().getFirst();
        assertThat(appraiser.collateral(manifest)).isEmpty();
        List<CollateralRequest> questions = appraiser.revocation(manifest, Endorsements.none());
        assertThat(questions).hasSize(2);
        assertThat(new OCSPReq(Base64.getUrlDecoder()
                                .decode(questions.getFirst().path()))
                        .getRequestList()[0]
                        .getCertID()
                        .getSerialNumber())
                .isEqualTo(BigInteger.valueOf(7));
    }

    @Test
    void versionsThatAreNoNamesAreNotAskedFor() {
        fixture.driver = "../../x";
        assertThat(appraiser.collateral(fixture.evidence()))
                .extracting(CollateralRequest::path)
                .containsExactly(VBIOS);
        fixture.chip = "LS10 A01";
        assertThat(appraiser.collateral(fixture.evidence())).isEmpty();
        assertThat(appraiser.revocation(new byte[9], Endorsements.none())).isEmpty();
        assertThat(new NvidiaVerifier(fixture.anchors()).collateral(new byte[9]))
                .isEmpty();
        assertThat(new NvidiaVerifier(fixture.anchors()).revocation(new byte[9], Endorsements.none()))
                .isEmpty();
    }
}
