package io.bitdelta.node.cli.delta;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.DeltaProof;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.LeafKind;
import io.bitdelta.engine.commit.ProofDocument;
import io.bitdelta.engine.work.WholeFile;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code delta prove}. */
@Command(
        name = "prove",
        description = "Prove that one chunk of 1024 bytes is part of a delta's commitment.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta delta prove user-a.bitdelta --kind signs --chunk 7 --out chunk-7.json"})
final class ProveCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DELTA", description = "The delta file.")
    private Path delta;

    @Option(
            names = "--kind",
            defaultValue = "signs",
            description = "What the chunk is of: signs, scales or abstain (default: ${DEFAULT-VALUE}).")
    private String kind;

    @Option(names = "--chunk", required = true, paramLabel = "I", description = "The chunk's number, from 0.")
    private long chunk;

    @Option(names = "--owner", description = "The owner's DID, for the commitment on chain (default: none).")
    private @Nullable LuxDid owner;

    @Option(names = "--salt", description = "The commitment's salt as 0x-hex (default: none).")
    private @Nullable Bytes32 salt;

    @Option(names = "--out", required = true, description = "The proof to write, a JSON document.")
    private Path out;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    ProveCommand() {}

    @Override
    public Integer call() throws Exception {
        DeltaProof proof;
        try (DeltaFile file = DeltaFile.open(delta)) {
            proof = DeltaProof.of(
                    file,
                    leafKind(),
                    chunk,
                    owner == null ? new byte[20] : owner.address().bytes(),
                    salt == null ? Hash32.ZERO : Hash32.of(salt.bytes()));
        } catch (IndexOutOfBoundsException e) {
            throw CommandException.usage("%s has no %s chunk %d".formatted(delta, kind, chunk));
        }
        try (WholeFile file = WholeFile.create(out)) {
            file.write(MemorySegment.ofArray(ProofDocument.write(proof).getBytes(StandardCharsets.UTF_8)), 0);
            file.commit();
        }
        output.result(
                Map.of(
                        "deltaRoot", proof.deltaRoot().hex(),
                        "kind", kind,
                        "chunk", chunk,
                        "leaves", proof.chunk().leaves(),
                        "siblings", proof.chunk().siblings().size(),
                        "out", out.toString()),
                text -> {
                    text.printf("commitment  %s%n", proof.deltaRoot());
                    text.printf(
                            "proof       %s, %s chunk %d of %d%n",
                            out, kind, chunk, proof.chunk().leaves());
                });
        return 0;
    }

    private LeafKind leafKind() {
        return switch (kind) {
            case "signs" -> LeafKind.SIGNS;
            case "scales" -> LeafKind.SCALES;
            case "abstain" -> LeafKind.ABSTAIN;
            default -> throw CommandException.usage("--kind " + kind + ": use signs, scales or abstain");
        };
    }
}
