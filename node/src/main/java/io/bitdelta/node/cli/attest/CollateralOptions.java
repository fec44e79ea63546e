package io.bitdelta.node.cli.attest;

import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.collateral.CollateralSource.Collected;
import io.bitdelta.attestation.collateral.HttpCollateral;
import io.bitdelta.node.cli.CommandException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Mixin: a collateral service. Nothing is fetched unless its address is given. */
final class CollateralOptions {
    @Option(
            names = "--collateral-url",
            paramLabel = "URL",
            description = "Collateral service (shapes of Intel's PCS version 4, AMD's KDS, NVIDIA's RIM service)."
                    + " Default: none is asked.")
    private @Nullable URI base;

    @Option(
            names = "--ocsp-url",
            paramLabel = "URL",
            description = "OCSP responder (for NVIDIA's certificates). Default: none is asked.")
    private @Nullable URI responder;

    @Option(
            names = "--collateral-cache",
            paramLabel = "DIR",
            description = "Folder that keeps the service's answers. Default: none are kept.")
    private @Nullable Path cache;

    @Option(
            names = "--collateral-timeout",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "Time limit of one request (default: ${DEFAULT-VALUE}).")
    private int seconds;

    CollateralOptions() {}

    /** The documents that the service or its cache has; complaints go to {@code say}. */
    List<byte[]> collect(List<CollateralRequest> requests, Consumer<String> say) throws InterruptedException {
        if (base == null && responder == null && cache != null) {
            throw CommandException.usage(
                    "--collateral-cache keeps the answers of a service: give --collateral-url or --ocsp-url");
        }
        return base == null ? List.of() : ask("--collateral-url", base, requests, say);
    }

    /** The answers that the OCSP responder or its cache has; complaints go to {@code say}. */
    List<byte[]> revocation(List<CollateralRequest> questions, Consumer<String> say) throws InterruptedException {
        return responder == null ? List.of() : ask("--ocsp-url", responder, questions, say);
    }

    private List<byte[]> ask(String option, URI address, List<CollateralRequest> requests, Consumer<String> say)
            throws InterruptedException {
        if (seconds < 1 || seconds > 3600) {
            throw CommandException.usage("--collateral-timeout must be between 1 and 3600 seconds");
        }
        try (HttpCollateral source = new HttpCollateral(
                address, Optional.ofNullable(cache), Clock.systemUTC(), Duration.ofSeconds(seconds))) {
            Collected collected = source.collect(requests);
            collected.complaints().forEach(say);
            return collected.documents();
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(option + ": " + e.getMessage());
        }
    }
}
