package io.bitdelta.node.cli.attest;

import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.evidence.software.SoftwareAttester;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.DataOption;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code attest issue}. */
@Command(
        name = "issue",
        description = "Issue development evidence that binds a delta. It proves nothing about hardware.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta attest issue --chain 31337 --registry 0x44… --delta 0x5b64… --nonce 0x66… \\",
            "      --expiry 2000000000 --out evidence.json"
        })
final class AttestIssue implements Callable<Integer> {
    @Option(names = "--chain", required = true, paramLabel = "ID", description = "Chain id of the registry.")
    private long chain;

    @Option(names = "--registry", required = true, paramLabel = "ADDRESS", description = "The registry.")
    private EvmAddress registry;

    @Option(names = "--delta", required = true, paramLabel = "ID", description = "The delta id.")
    private Bytes32 delta;

    @Option(names = "--nonce", required = true, paramLabel = "HEX", description = "The verifier's challenge, 32 bytes.")
    private Bytes32 nonce;

    @Option(
            names = "--expiry",
            required = true,
            paramLabel = "SECONDS",
            description = "Unix time of the statement's end.")
    private long expiry;

    @Option(
            names = "--measurement",
            paramLabel = "HEX",
            defaultValue = "0x0000000000000000000000000000000000000000000000000000000000000000",
            description = "Hash of the running code, as claimed.")
    private Bytes32 measurement;

    @Mixin
    private DataOption data;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the evidence goes.")
    private Path target;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    AttestIssue() {}

    @Override
    public Integer call() throws Exception {
        Statement statement = statement();
        Path keys = data.folder().resolve("keys");
        Files.createDirectories(keys);
        byte[] evidence = SoftwareAttester.open(keys, new SecureRandom()).attest(statement.reportData(), measurement);
        Path folder = target.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(folder == null ? Path.of(".") : folder, ".evidence-", ".tmp");
        try {
            Files.write(temporary, evidence);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("evidence", target.toString());
        result.put("bytes", evidence.length);
        result.put("technology", "software");
        result.put("development", true);
        result.put("statement", statement.hash().hex());
        result.put("reportData", HexText.of(statement.reportData()));
        output.result(result, out -> {
            out.println(target + "  development evidence, " + evidence.length + " bytes");
            out.println("  statement " + statement.hash());
        });
        return ExitCode.OK;
    }

    private Statement statement() {
        try {
            return Statement.of(chain, registry, delta, nonce, expiry);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
    }
}
