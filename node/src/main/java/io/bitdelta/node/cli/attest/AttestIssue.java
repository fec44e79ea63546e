package io.bitdelta.node.cli.attest;

import io.bitdelta.attestation.attester.Attester;
import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.evidence.StandardAppraiser;
import io.bitdelta.attestation.evidence.software.SoftwareAttester;
import io.bitdelta.node.attest.Platform;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.DataOption;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.DurableFiles;
import io.bitdelta.node.config.EvidenceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code attest issue}. */
@Command(
        name = "issue",
        description = "Issue evidence that binds a delta: of the platform that this runs on, or development evidence,"
                + " which proves nothing about hardware.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta attest issue --chain 31337 --registry 0x44… --delta 0x5b64… --nonce 0x66… \\",
            "      --expiry 2000000000 --out evidence.json",
            "  bitdelta attest issue --from tsm --chain 1 --registry 0x44… --delta 0x5b64… --nonce 0x66… \\",
            "      --expiry 2000000000 --out quote.bin",
        })
final class AttestIssue implements Callable<Integer> {
    private static final String ZERO = "0x0000000000000000000000000000000000000000000000000000000000000000";

    @Option(
            names = "--from",
            paramLabel = "SOURCE",
            defaultValue = "software",
            description =
                    "software: a key in the data folder, for development (default). tsm: the kernel's report"
                            + " interface in a TDX or SEV-SNP guest. nitro: a Nitro enclave's security module. command: a program.")
    private String from = "";

    @Option(
            names = "--source",
            paramLabel = "PLACE",
            defaultValue = "",
            description =
                    "Folder of tsm or device of nitro, if not the usual one; program and arguments of command, with"
                            + " {reportData} for the 64 bytes in hex.")
    private String source = "";

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
            names = "--dp-params",
            paramLabel = "HEX",
            defaultValue = ZERO,
            description = "Hash of the manifest's privacy parameters.")
    private Bytes32 dpParams;

    @Option(names = "--session-key", paramLabel = "ADDRESS", description = "Account of a session key to be bound.")
    private @Nullable EvmAddress sessionKey;

    @Option(
            names = "--gpu-evidence",
            paramLabel = "FILE",
            description = "Evidence of the GPU, issued first, that this evidence vouches for.")
    private @Nullable Path gpuEvidence;

    @Option(
            names = "--measurement",
            paramLabel = "HEX",
            defaultValue = ZERO,
            description = "Hash of the running code, as claimed in development evidence.")
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
        EvidenceConfig.From issuer = issuer();
        Statement statement = statement();
        Attester.Issued issued = issuer == EvidenceConfig.From.SOFTWARE
                ? new Attester.Issued(development(statement), new byte[0])
                : platform(issuer).attest(statement.reportData());
        DurableFiles.write(target, issued.evidence());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("evidence", target.toString());
        result.put("bytes", issued.evidence().length);
        result.put("from", issuer.word());
        result.put("development", issuer == EvidenceConfig.From.SOFTWARE);
        result.put("statement", statement.hash().hex());
        result.put("reportData", HexText.of(statement.reportData()));
        if (issued.auxiliary().length > 0) {
            Path auxiliary = Path.of(target + ".aux");
            DurableFiles.write(auxiliary, issued.auxiliary());
            result.put("auxiliary", auxiliary.toString());
        }
        output.result(result, out -> {
            out.println(target + "  " + (issuer == EvidenceConfig.From.SOFTWARE ? "development evidence" : "evidence")
                    + ", " + issued.evidence().length + " bytes");
            out.println("  statement " + statement.hash());
        });
        return ExitCode.OK;
    }

    private EvidenceConfig.From issuer() {
        try {
            return EvidenceConfig.From.of(from);
        } catch (IllegalArgumentException unknown) {
            throw CommandException.usage("--from: " + unknown.getMessage());
        }
    }

    private Attester platform(EvidenceConfig.From issuer) {
        try {
            return Platform.attester(issuer, source, new SecureRandom());
        } catch (IllegalArgumentException unusable) {
            throw CommandException.usage("--source: " + unusable.getMessage());
        }
    }

    private byte[] development(Statement statement) throws IOException {
        Path keys = data.folder().resolve("keys");
        Files.createDirectories(keys);
        return SoftwareAttester.open(keys, new SecureRandom()).attest(statement.reportData(), measurement);
    }

    private Statement statement() throws IOException {
        Bytes32 session = sessionKey == null ? Bytes32.ZERO : Statement.sessionKeyHash(sessionKey);
        Bytes32 gpu = gpuEvidence == null
                ? Bytes32.ZERO
                : Keccak256.of(StandardAppraiser.create().significant(Judgement.read(gpuEvidence)));
        try {
            return new Statement(chain, registry, delta, nonce, dpParams, session, gpu, expiry);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
    }
}
