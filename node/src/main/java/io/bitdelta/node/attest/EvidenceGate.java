package io.bitdelta.node.attest;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.PolicyDocument;
import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.collateral.CollateralSource;
import io.bitdelta.attestation.collateral.HttpCollateral;
import io.bitdelta.attestation.evidence.StandardAppraiser;
import io.bitdelta.attestation.evidence.software.SoftwareAttester;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.pki.PkiException;
import io.bitdelta.attestation.pki.RootFolder;
import io.bitdelta.attestation.pki.TrustAnchors;
import io.bitdelta.node.config.ConfigException;
import io.bitdelta.node.config.DataFolder;
import io.bitdelta.node.config.EvidenceConfig;
import io.bitdelta.node.config.TestChains;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gets evidence for a statement and judges it, as everybody will who reads it later. */
public final class EvidenceGate implements AutoCloseable {
    private static final Duration COLLATERAL_LIMIT = Duration.ofSeconds(20);
    private static final long MOST_POLICY_BYTES = 1 << 20;

    private final EvidenceSource source;
    private final boolean development;
    private final Appraiser appraiser;
    private final AppraisalPolicy policy;
    private final List<HttpCollateral> services;
    private final Clock clock;

    private EvidenceGate(
            EvidenceSource source,
            boolean development,
            Appraiser appraiser,
            AppraisalPolicy policy,
            List<HttpCollateral> services,
            Clock clock) {
        this.source = source;
        this.development = development;
        this.appraiser = appraiser;
        this.policy = policy;
        this.services = List.copyOf(services);
        this.clock = clock;
    }

    /**
     * What evidence was had, and what it is worth.
     *
     * @param endorsed evidence and endorsements
     * @param result the judgement
     */
    public record Judged(Endorsed endorsed, AppraisalResult result) {}

    /**
     * The gate of a configuration.
     *
     * @param measurement hash of the running code, as claimed in development evidence
     * @throws ConfigException when policy, roots or an address cannot be used
     */
    public static EvidenceGate open(
            EvidenceConfig config,
            DataFolder folder,
            long chainId,
            Bytes32 measurement,
            SecureRandom random,
            Clock clock)
            throws IOException {
        if (config.from() == EvidenceConfig.From.SOFTWARE) {
            AppraisalPolicy strict = AppraisalPolicy.strict();
            return new EvidenceGate(
                    new DevelopmentEvidence(SoftwareAttester.open(folder.keys(), random), measurement),
                    true,
                    StandardAppraiser.create(),
                    TestChains.contains(chainId) ? strict.withDevelopment(chainId) : strict,
                    List.of(),
                    clock);
        }
        AppraisalPolicy policy = policy(config);
        RootFolder roots = roots(config);
        Appraiser appraiser = StandardAppraiser.create(roots.anchors());
        List<HttpCollateral> services = new ArrayList<>();
        Path cache = folder.root().resolve("collateral");
        Optional<CollateralSource> collateral =
                config.collateral().map(address -> service("evidence.collateral", address, cache, services, clock));
        Optional<CollateralSource> responder =
                config.ocsp().map(address -> service("evidence.ocsp", address, cache, services, clock));
        EvidenceSource platform;
        try {
            platform = new PlatformEvidence(
                    Platform.attester(config.from(), config.source(), random),
                    appraiser,
                    roots.documents(),
                    collateral,
                    responder);
        } catch (IllegalArgumentException unusable) {
            throw new ConfigException("evidence.source: " + unusable.getMessage());
        }
        return new EvidenceGate(platform, false, appraiser, policy, services, clock);
    }

    /**
     * Has a statement attested.
     *
     * @param prepared when the publication was prepared; development evidence is judged at that time, so that a repeated
     *     attempt gives the same bytes
     * @throws io.bitdelta.attestation.attester.AttesterException when the platform gives no evidence
     */
    public Judged attest(Statement statement, Instant prepared) throws IOException, InterruptedException {
        byte[] reportData = statement.reportData();
        Endorsed endorsed = source.issue(reportData);
        AppraisalResult result = appraiser.appraise(
                endorsed.evidence(),
                endorsed.endorsements(),
                policy,
                development ? prepared : clock.instant(),
                reportData);
        return new Judged(endorsed, result);
    }

    @Override
    public void close() {
        services.forEach(HttpCollateral::close);
    }

    private static AppraisalPolicy policy(EvidenceConfig config) throws IOException {
        if (config.policy().isEmpty()) {
            return AppraisalPolicy.strict();
        }
        Path file = Path.of(config.policy());
        if (Files.size(file) > MOST_POLICY_BYTES) {
            throw new ConfigException("evidence.policy: %s is longer than %d bytes".formatted(file, MOST_POLICY_BYTES));
        }
        try {
            return PolicyDocument.parse(Files.readAllBytes(file));
        } catch (JsonException malformed) {
            throw new ConfigException("evidence.policy: %s: %s".formatted(file, malformed.getMessage()));
        }
    }

    private static RootFolder roots(EvidenceConfig config) throws IOException {
        if (config.roots().isEmpty()) {
            return new RootFolder(TrustAnchors.vendors(), List.of());
        }
        try {
            return RootFolder.read(Path.of(config.roots()));
        } catch (PkiException unusable) {
            throw new ConfigException("evidence.roots: " + unusable.getMessage());
        }
    }

    private static CollateralSource service(
            String key, URI address, Path cache, List<HttpCollateral> services, Clock clock) {
        try {
            HttpCollateral service = new HttpCollateral(address, Optional.of(cache), clock, COLLATERAL_LIMIT);
            services.add(service);
            return service;
        } catch (IllegalArgumentException unusable) {
            throw new ConfigException(key + ": " + unusable.getMessage());
        }
    }
}
