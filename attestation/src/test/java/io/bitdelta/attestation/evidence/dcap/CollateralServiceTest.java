package io.bitdelta.attestation.evidence.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A quote judged with what a service on the loopback interface answers. */
final class CollateralServiceTest {
    private static final String TCB = "tdx/certification/v4/tcb?fmspc=00A0B0C0D0E0";
    private static final String IDENTITY = "tdx/certification/v4/qe/identity";
    private static final String PCK_CRL = "sgx/certification/v4/pckcrl?ca=platform&encoding=der";
    private static final String ROOT_CRL = "sgx/certification/v4/rootcacrl";

    private final DcapFixture fixture = DcapFixture.tdx();
    private final byte[] quote = fixture.quote();
    private final List<byte[]> documents = fixture.endorsements();
    private final Appraiser appraiser = StandardAppraiser.create(fixture.anchors());
    private Instant now = OwnPki.NOW;
    private PlayedService service;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        service = new PlayedService();
        String signer = OwnPki.pem(fixture.tcbSigner.der(), fixture.root.der());
        String ca = OwnPki.pem(fixture.platformCa.der(), fixture.root.der());
        service.with(TCB, documents.get(0), "TCB-Info-Issuer-Chain", signer)
                .with(IDENTITY, documents.get(1), "SGX-Enclave-Identity-Issuer-Chain", signer)
                .with(PCK_CRL, documents.get(4), "SGX-PCK-CRL-Issuer-Chain", ca)
                .with(ROOT_CRL, HexFormat.of().formatHex(documents.get(3)).getBytes(StandardCharsets.US_ASCII));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private Collected collect(Optional<Path> cache) throws Exception {
        return collect(cache, Duration.ofSeconds(20));
    }

    private Collected collect(Optional<Path> cache, Duration limit) throws Exception {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        try (HttpCollateral source = new HttpCollateral(service.base(), cache, clock, limit)) {
            return source.collect(appraiser.collateral(quote));
        }
    }

    private AppraisalResult judge(Collected collected) {
        return appraiser.appraise(
                quote, Endorsements.of(collected.documents()), AppraisalPolicy.strict(), now, Expectation.nothing());
    }

    @Test
    void aQuoteIsAffirmingWithWhatTheServiceAnswers() throws Exception {
        Collected collected = collect(Optional.empty());
        assertThat(collected.complaints()).isEmpty();
        assertThat(judge(collected).affirming())
                .as("%s", judge(collected).findings())
                .isTrue();
        assertThat(service.questions()).containsExactly(TCB, IDENTITY, PCK_CRL, ROOT_CRL);
    }

    @Test
    void whatTheServiceLacksIsMissingAndNeverAffirming() throws Exception {
        for (String path : List.of(TCB, IDENTITY, PCK_CRL, ROOT_CRL)) {
            service.status(path, 404);
        }
        Collected collected = collect(Optional.of(folder));
        assertThat(collected.documents()).isEmpty();
        assertThat(collected.complaints()).hasSize(4).allMatch(line -> line.contains("answers 404"));
        assertThat(judge(collected).tier()).isEqualTo(Tier.NONE);
        assertThat(judge(collected).reasons()).containsExactly(Reason.COLLATERAL_MISSING);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void answersAreKeptForADayThenConfirmedByTheirTag() throws Exception {
        collect(Optional.of(folder));
        fixture.at = now;
        now = OwnPki.NOW.plus(Duration.ofHours(23));
        assertThat(judge(collect(Optional.of(folder))).affirming()).isTrue();
        assertThat(service.questions()).hasSize(4);
        // The lists end first in these fixtures: what lives longer shows what a day later happens.
        now = OwnPki.NOW.plus(Duration.ofHours(24));
        Collected confirmed = collect(Optional.of(folder));
        assertThat(confirmed.complaints()).isEmpty();
        assertThat(service.questions().subList(4, 8))
                .allMatch(question -> question.endsWith("\"" + question.indexOf(" unless") + "\""));
        assertThat(judge(confirmed).affirming()).isTrue();
        collect(Optional.of(folder));
        assertThat(service.questions())
                .as("confirmed but at their end: asked again")
                .hasSize(12);
    }

    @Test
    void keptAnswersServeWhileTheServiceIsGoneAndAreJudgedByTheirDates() throws Exception {
        collect(Optional.of(folder));
        service.close();
        now = OwnPki.NOW.plus(Duration.ofHours(24)).minusSeconds(1);
        assertThat(judge(collect(Optional.of(folder))).affirming()).isTrue();
        now = OwnPki.NOW.plus(Duration.ofHours(25));
        Collected late = collect(Optional.of(folder));
        assertThat(late.complaints()).hasSize(4).allMatch(line -> line.contains("using the answer of"));
        assertThat(judge(late).reasons()).contains(Reason.COLLATERAL_EXPIRED, Reason.CRL_EXPIRED);
    }

    @Test
    void aDamagedFileIsFetchedAgain() throws Exception {
        collect(Optional.of(folder));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
            }
        }
        assertThat(judge(collect(Optional.of(folder))).affirming()).isTrue();
        assertThat(service.questions()).hasSize(8);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(4).allMatch(file -> file.toString().endsWith(".json"));
        }
    }

    @Test
    void answersThatAreNotWhatWasAskedForAreRefusedAndNotKept() throws Exception {
        String signer = OwnPki.pem(fixture.tcbSigner.der());
        service.with(TCB, "{}".getBytes(StandardCharsets.UTF_8), "TCB-Info-Issuer-Chain", signer)
                .with(IDENTITY, documents.get(1), "", "")
                .with(PCK_CRL, documents.get(2), "SGX-PCK-CRL-Issuer-Chain", signer)
                .with(ROOT_CRL, "zz".getBytes(StandardCharsets.US_ASCII));
        Collected collected = collect(Optional.of(folder));
        assertThat(collected.documents()).isEmpty();
        assertThat(collected.complaints()).hasSize(4);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void changedAnswersAreCaughtByTheVerifier() throws Exception {
        String changed = new String(documents.get(0), StandardCharsets.UTF_8).replace("\"svn\":2", "\"svn\":1");
        service.with(
                TCB,
                changed.getBytes(StandardCharsets.UTF_8),
                "TCB-Info-Issuer-Chain",
                OwnPki.pem(fixture.tcbSigner.der(), fixture.root.der()));
        assertThat(judge(collect(Optional.empty())).reasons()).contains(Reason.BAD_TCB_INFO_SIGNATURE);
    }

    @Test
    void redirectionsLongAndSlowAnswersAreNotFollowedToTheirEnd() throws Exception {
        service.status(TCB, 302).endless(IDENTITY).stalled(PCK_CRL).status(ROOT_CRL, 500);
        Collected collected = collect(Optional.of(folder), Duration.ofSeconds(2));
        assertThat(collected.documents()).isEmpty();
        assertThat(collected.complaints()).hasSize(4);
        assertThat(collected.complaints().get(0)).contains("answers 302");
        assertThat(collected.complaints().get(2)).contains("no whole answer within");
        assertThat(service.questions()).doesNotContain("elsewhere");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void addressesAndPathsThatAreNoneAreRefused() {
        for (String address :
                List.of("file:///tmp", "ftp://host/", "http:///x", "http://host/?a=b", "https://host/#x")) {
            assertThatThrownBy(() -> new HttpCollateral(
                            URI.create(address), Optional.empty(), Clock.systemUTC(), Duration.ofSeconds(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String path : List.of("/a", "a/../b", "http://x", "a b", "", "a//b")) {
            assertThatThrownBy(() -> CollateralRequest.of(path, CollateralRequest.Kind.CERTIFICATES))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aQuoteThatCannotBeParsedAsksForNothing() {
        assertThat(appraiser.collateral(java.util.Arrays.copyOf(quote, 700))).isEmpty();
        assertThat(appraiser.collateral(new byte[10])).isEmpty();
    }
}
