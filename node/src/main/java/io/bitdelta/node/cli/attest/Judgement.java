package io.bitdelta.node.cli.attest;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.Appraiser;
import io.bitdelta.attestation.appraisal.PolicyDocument;
import io.bitdelta.attestation.evidence.StandardAppraiser;
import io.bitdelta.attestation.pki.RootFolder;
import io.bitdelta.attestation.pki.TrustAnchors;
import io.bitdelta.node.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Mixin: which roots are trusted and what the policy asks for. */
final class Judgement {
    private static final long MAX_BYTES = 16 << 20;

    @Option(
            names = "--roots",
            paramLabel = "DIR",
            description = "Folder with the trusted root certificates. Default: the vendors' roots, pinned by key.")
    private @Nullable Path roots;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "Policy (JSON or YAML). Default: strict (up to date, no debug, measurements not pinned).")
    private @Nullable Path policy;

    Judgement() {}

    RootFolder rootFolder() throws IOException {
        return roots == null ? new RootFolder(TrustAnchors.vendors(), List.of()) : RootFolder.read(roots);
    }

    static Appraiser appraiser(RootFolder folder) {
        return StandardAppraiser.create(folder.anchors());
    }

    AppraisalPolicy policy() throws IOException {
        return policy == null ? AppraisalPolicy.strict() : PolicyDocument.parse(read(policy));
    }

    static byte[] read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw CommandException.usage(
                    file + " is longer than " + MAX_BYTES + " bytes: neither evidence, endorsement nor policy");
        }
        return Files.readAllBytes(file);
    }
}
