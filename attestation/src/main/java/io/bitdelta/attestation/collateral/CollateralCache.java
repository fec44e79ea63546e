package io.bitdelta.attestation.collateral;

import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.pki.PkiException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Answers on disk, one file each, named by the SHA-256 of base address and path. Files appear whole (written beside,
 * forced, renamed); one that cannot be read counts as absent.
 */
final class CollateralCache {
    private static final long MAX_FILE = 2L * CollateralAnswer.MAX_BYTES;

    private final Path folder;
    private final String base;

    CollateralCache(Path folder, String base) {
        this.folder = folder;
        this.base = base;
    }

    /** The kept answer; empty when there is none or it is damaged. */
    Optional<CollateralAnswer> find(CollateralRequest request) throws IOException {
        Path file = file(request);
        if (!Files.isRegularFile(file) || Files.size(file) > MAX_FILE) {
            return Optional.empty();
        }
        try {
            return Optional.of(CollateralAnswer.read(request, Files.readAllBytes(file)));
        } catch (PkiException damaged) {
            // The next answer replaces it.
            return Optional.empty();
        }
    }

    void keep(CollateralRequest request, CollateralAnswer answer) throws IOException {
        Files.createDirectories(folder);
        Path temporary = Files.createTempFile(folder, ".collateral-", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(answer.bytes(request));
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(temporary, file(request), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private Path file(CollateralRequest request) {
        try {
            byte[] id = MessageDigest.getInstance("SHA-256")
                    .digest((base + request.path()).getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(id) + ".json");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
