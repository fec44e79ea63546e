package io.bitdelta.node.auth;

import io.bitdelta.node.config.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;

/** 32 random bytes that a node keeps for itself, in a file that nobody else may read. */
public final class SecretKeyFile {
    private static final int BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private SecretKeyFile() {}

    /**
     * The key of a file, which is made when it is missing.
     *
     * @throws IOException when it cannot be read or written, is not 32 bytes long, or others may read it
     */
    public static byte[] open(Path file, SecureRandom random) throws IOException {
        if (!Files.exists(file)) {
            byte[] fresh = new byte[BYTES];
            random.nextBytes(fresh);
            DurableFiles.writeSecret(file, fresh);
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new IOException("%s can be read by others (%s): chmod 600, and delete it if it may have been read"
                    .formatted(file, permissions));
        }
        byte[] key = Files.readAllBytes(file);
        if (key.length != BYTES) {
            throw new IOException("%s has %d bytes, a key has %d: delete it, and everybody logs in anew"
                    .formatted(file, key.length, BYTES));
        }
        return key;
    }
}
